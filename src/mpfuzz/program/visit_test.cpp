#include <mpfuzz/program/visit.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>

#include <gtest/gtest.h>

#include <utility>

namespace mpfuzz::program {
namespace {

const Program& Example()
{
    static const Program PROGRAM{
        MustParse("c = connect\n"
                  "lab = c.bootstrap Lab\n"
                  "lab.echo(cube = [[[7, 8]]], lab = serve Lab { touch: never; name: return (name = \"y\") }, "
                  "anyPointer = any Text \"p\")\n")};
    return PROGRAM;
}

std::string Text(const Program& program, const Value& value, schema::Type type)
{
    return PrintValue(TestSchema(), program, type, value);
}

TEST(VisitValues, GoesDepthFirstAndKnowsTypesFieldsAndLists)
{
    const Program& program{Example()};
    std::vector<std::string> seen;
    VisitValues(TestSchema(), program.steps[2], [&](const Value& value, const ValuePosition& position) {
        seen.push_back(std::string(position.depth, ' ') + std::string{position.FieldName()} +
                       (position.in_list ? "[" + std::to_string(position.element.index) + "/" +
                                               std::to_string(position.list_size) + "]"
                                         : "") +
                       (position.in_served ? " served " : " ") + Text(program, value, position.type));
    });
    EXPECT_EQ(seen, (std::vector<std::string>{
                        "cube [[[7, 8]]]",
                        " cube[0/1] [[7, 8]]",
                        "  cube[0/1] [7, 8]",
                        "   cube[0/2] 7",
                        "   cube[1/2] 8",
                        "lab serve Lab { touch: never; name: return (name = \"y\") }",
                        " name served \"y\"",
                        "anyPointer any Text \"p\"",
                        " anyPointer \"p\"",
                    }));
}

TEST(VisitValues, GivesPathsThatLeadBackToTheValues)
{
    base::Rng rng{15};
    size_t visited{0};
    for (int i{0}; i < 200; ++i) {
        const Program program{RandomProgram(TestSchema(), rng)};
        for (const Step& step : program.steps) {
            const size_t before{visited};
            VisitValues(TestSchema(), step, [&](const Value& value, const ValuePosition& position) {
                const ArgumentPath path{position.type, position.GetPath(), position.UnsetIsZero()};
                ASSERT_EQ(&At(step, path), &value);
                ++visited;
            });
            ASSERT_EQ(visited - before, AllPaths(TestSchema(), step).size());
        }
    }
    EXPECT_GT(visited, 2'000U);
}

TEST(VisitValues, VisitsFieldsOfStepsStructsAndReactions)
{
    std::vector<std::string> seen;
    const auto in_fields{[&](const std::vector<FieldValue>& fields, const FieldsPosition& position) {
        seen.push_back(TestSchema().GetStruct(position.struct_index).name + " " + std::to_string(fields.size()) +
                       (position.reaction ? " reaction " + std::to_string(position.reaction_index) : ""));
        return !position.reaction || position.reaction->Answers();
    }};
    VisitValues(TestSchema(), Example().steps[2], in_fields);
    EXPECT_EQ(seen, (std::vector<std::string>{"Everything 3", "Base.touch$Results 0 reaction 0",
                                              "Lab.name$Results 1 reaction 1"}));
}

TEST(VisitValues, VisitsTheNewContentOfAValueThatTheVisitorChanged)
{
    Program program{Example()};
    VisitValues(TestSchema(), program.steps[2], [](Value& value, const ValuePosition& position) {
        if (position.FieldName() == "cube" && position.depth == 1) value = ListValue{{ListValue{{uint64_t{5}}}}};
        if (auto* number{value.As<uint64_t>()}) ++*number;
        return !value.As<ServedObject>();
    });
    const std::string text{Print(TestSchema(), program)};
    EXPECT_NE(text.find("cube = [[[6]]]"), std::string::npos) << text;
}

TEST(ForEachServed, FindsObjectsOfStepsAndInsideObjects)
{
    const Program program{
        MustParse("s = serve Lab { open: return (door = serve Lab.Door, pointer = serve Thread) }\n")};
    std::vector<std::string> seen;
    ForEachServed(program.steps[0], [&](const ServedObject& object) {
        seen.push_back(TestSchema().GetInterface(object.interface).name);
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"Lab", "Lab.Door", "Thread"}));
}

TEST(ForEachReference, FindsEveryEarlierStepThatAStepNames)
{
    const Program program{
        MustParse("c = connect\n"
                  "lab = c.bootstrap Lab\n"
                  "n = lab.numbers()\n"
                  "o = lab.open()\n"
                  "o.door.knock(by = serve Lab { put: return (previous = $n.words[0]); get2: later 77 () })\n")};
    std::vector<StepIndex> references, moments;
    ForEachReference(program.steps[4], [&](const StepIndex& step) { references.push_back(step); });
    ForEachMoment(program.steps[4], [&](const uint32_t& moment) { moments.push_back(moment); });
    EXPECT_EQ(references, (std::vector<StepIndex>{3, 2}));
    EXPECT_EQ(moments, (std::vector<uint32_t>{77}));
}

TEST(ForEachCapability, VisitsTheTargetFirst)
{
    const Program program{MustParse("c = connect\n"
                                    "lab = c.bootstrap Lab\n"
                                    "o = lab.open()\n"
                                    "o.door.knock(by = lab, on = any Everything (lab = o.pointer))\n"
                                    "drop o.door\n")};
    std::vector<StepIndex> steps;
    const auto collect{[&](const CapabilityRef& ref) { steps.push_back(ref.step); }};
    for (const Step& step : program.steps) ForEachCapability(step, collect);
    EXPECT_EQ(steps, (std::vector<StepIndex>{1, 2, 1, 2, 2}));
}

} // namespace
} // namespace mpfuzz::program
