#include <mpfuzz/program/edit.h>

#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace mpfuzz::program {
namespace {

void ExpectValid(const Program& program)
{
    const auto status{Validate(TestSchema(), program)};
    ASSERT_TRUE(status) << status.GetError().message << "\n" << Print(TestSchema(), program);
}

TEST(ArgumentPaths, ListTheOutermostFirstAndLeadToTheValues)
{
    Program program{
        MustParse("c = connect\nlab = c.bootstrap Lab\n"
                  "lab.echo(cube = [[[7]], [[8 * 3]]], right = (text = \"x\"), anyPointer = any Text \"y\")\n")};
    Step& step{program.steps[2]};
    const auto places{ArgumentPaths(TestSchema(), step)};
    std::vector<std::string> texts;
    for (const ArgumentPath& place : places) {
        texts.push_back(PrintValue(TestSchema(), program, place.type, At(step, place)));
    }
    EXPECT_EQ(texts, (std::vector<std::string>{"[[[7]], [[8 * 3]]]", "any Text \"y\"", "(text = \"x\")", "[[7]]",
                                               "[[8 * 3]]", "\"y\"", "\"x\"", "[7]", "[8 * 3]", "7", "8"}));
    EXPECT_TRUE(ArgumentPaths(TestSchema(), program.steps[0]).empty());
}

TEST(ArgumentPaths, LeadToValuesThatCanBeReplacedOnRandomPrograms)
{
    base::Rng rng{13};
    for (int i{0}; i < 200; ++i) {
        Program program{RandomProgram(TestSchema(), rng)};
        for (StepIndex index{0}; index < program.steps.size(); ++index) {
            const auto places{ArgumentPaths(TestSchema(), program.steps[index])};
            std::set<const Value*> seen;
            for (const ArgumentPath& place : places) seen.insert(&At(program.steps[index], place));
            ASSERT_EQ(seen.size(), places.size());
            if (places.empty()) continue;
            Program before{program};
            before.steps.resize(index);
            const ArgumentPath& place{rng.Pick(places)};
            Value value{RandomValue(TestSchema(), before, place.type, rng)};
            // Not every struct may be null: see Validate().
            if (place.type.kind == schema::Kind::STRUCT && value.As<Null>()) value = StructValue{};
            const Value previous{At(program.steps[index], place)};
            At(program.steps[index], place) = std::move(value);
            const auto status{ValidateStep(TestSchema(), program, index)};
            // In a repeated list, a random value may exceed the limits. Any other error is a bug.
            ASSERT_TRUE(status || status.GetError().message.find("words of values") != std::string::npos)
                << status.GetError().message;
            At(program.steps[index], place) = previous;
        }
    }
}

std::vector<std::string> AllTexts(Program& program, StepIndex index)
{
    std::vector<std::string> texts;
    for (const ArgumentPath& place : AllPaths(TestSchema(), program.steps[index])) {
        texts.push_back(PrintValue(TestSchema(), program, place.type, At(program.steps[index], place)) +
                        (place.unset_is_zero ? "" : "!"));
    }
    return texts;
}

TEST(AllPaths, GoIntoServedObjectsAndHandMadeMessages)
{
    Program program{MustParse("c = connect\n"
                              "s = serve Lab { name: return (name = \"x\"); open: return (pointer = any Text \"p\") }\n"
                              "lab = c.bootstrap Lab\n"
                              "lab.echo(lab = serve Lab { touch: never; name: later 3 (name = \"y\") }, left = \"z\")\n"
                              "c.message (finish = (questionId = 7))\n")};
    // `!` marks values for which unset_is_zero is false.
    EXPECT_EQ(AllTexts(program, 1), (std::vector<std::string>{"\"x\"", "any Text \"p\"", "\"p\"!"}));
    EXPECT_EQ(
        AllTexts(program, 3),
        (std::vector<std::string>{"serve Lab { touch: never; name: later 3 (name = \"y\") }", "\"z\"!", "\"y\""}));
    EXPECT_EQ(AllTexts(program, 4), (std::vector<std::string>{"(questionId = 7)!", "7"}));
    EXPECT_TRUE(AllPaths(TestSchema(), program.steps[0]).empty());
}

TEST(AllPaths, KnowDefaultsThatAreNotZero)
{
    Program program{MustParse("c = connect\nm = c.bootstrap Mining\n"
                              "m.createNewBlock(options = (useMempool = false, sigops = 0))\n")};
    EXPECT_EQ(AllTexts(program, 2), (std::vector<std::string>{"(useMempool = false, sigops = 0)", "false!", "0"}));
}

TEST(Unset, UnsetsAFieldAndKeepsAnElement)
{
    Program program{MustParse("c = connect\nlab = c.bootstrap Lab\n"
                              "lab.echo(block = (weight = 3), texts = [\"x\"], "
                              "lab = serve Lab { name: return (name = \"y\") })\n")};
    Step& step{program.steps[2]};
    const auto places{AllPaths(TestSchema(), step)};
    ASSERT_EQ(places.size(), 6U); // the fields, then the values inside them
    EXPECT_TRUE(Unset(step, places[3]));
    EXPECT_FALSE(Unset(step, places[4]));
    EXPECT_TRUE(Unset(step, places[5]));
    EXPECT_EQ(Print(TestSchema(), program), "c0 = connect\nlab0 = c0.bootstrap Lab\n"
                                            "echo0 = lab0.echo(block = (), texts = [\"x\"], "
                                            "lab = serve Lab { name: return () })\n");
    EXPECT_TRUE(Unset(step, places[1]));
    EXPECT_EQ(Print(TestSchema(), program), "c0 = connect\nlab0 = c0.bootstrap Lab\n"
                                            "echo0 = lab0.echo(block = (), lab = serve Lab { name: return () })\n");
}

TEST(AllPaths, LeadToValuesThatCanBeUnsetOnRandomPrograms)
{
    base::Rng rng{14};
    for (int i{0}; i < 200; ++i) {
        Program program{RandomProgram(TestSchema(), rng)};
        for (StepIndex index{0}; index < program.steps.size(); ++index) {
            const auto places{AllPaths(TestSchema(), program.steps[index])};
            std::set<const Value*> seen;
            for (const ArgumentPath& place : places) seen.insert(&At(program.steps[index], place));
            ASSERT_EQ(seen.size(), places.size());
            for (size_t last{places.size()}; last-- > 0;) {
                Step step{program.steps[index]};
                const bool is_field{places[last].path.back().kind == PathElement::Kind::FIELD};
                ASSERT_EQ(Unset(step, places[last]), is_field);
                ASSERT_LE(AllPaths(TestSchema(), step).size(), places.size() - (is_field ? 1 : 0));
                std::swap(step, program.steps[index]);
                ASSERT_NO_FATAL_FAILURE(ExpectValid(program));
                std::swap(step, program.steps[index]);
            }
        }
    }
}

TEST(ArgumentPaths, RefuseAPathThatDoesNotExist)
{
    Step step{Call{}};
    const ArgumentPath place{{schema::Kind::BOOL}, {{PathElement::Kind::FIELD, 0}}};
    EXPECT_EXIT(At(step, place), testing::ExitedWithCode(base::EXIT_OWN_BUG), "found.value");
}

} // namespace
} // namespace mpfuzz::program
