#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::program {
namespace {

using testing::ElementsAre;

void ExpectValid(const Program& program)
{
    const auto status{Validate(TestSchema(), program)};
    ASSERT_TRUE(status) << status.GetError().message << "\n" << Print(TestSchema(), program);
}

StepIndex CountSteps(const Program& program) { return static_cast<StepIndex>(program.steps.size()); }

TEST(Interchangeable, MeansTheSameKindOfResult)
{
    const Program program{MustParse("a = connect\n"                    // 0
                                    "b = connect\n"                    // 1
                                    "i = a.bootstrap Init\n"           // 2
                                    "j = b.bootstrap Init\n"           // 3
                                    "l = b.bootstrap Lab\n"            // 4
                                    "m = i.makeMining()\n"             // 5
                                    "n = (l as Init).makeMining()\n"   // 6
                                    "o = i.makeLab()\n"                // 7
                                    "s = serve Lab\n"                  // 8
                                    "t = serve Lab { touch: never }\n" // 9
                                    "u = serve Thread\n"               // 10
                                    "await all\n"                      // 11
                                    "await all\n")};                   // 12
    for (const auto& [a, b] : std::vector<std::pair<StepIndex, StepIndex>>{{0, 1}, {2, 3}, {5, 6}, {8, 9}}) {
        EXPECT_TRUE(Interchangeable(program, a, b)) << a << " " << b;
    }
    for (const auto& [a, b] : std::vector<std::pair<StepIndex, StepIndex>>{{0, 2}, {3, 4}, {5, 7}, {9, 10}, {11, 12}}) {
        EXPECT_FALSE(Interchangeable(program, a, b)) << a << " " << b;
    }
}

TEST(Redirect, ChangesEveryKindOfReference)
{
    Program program{
        MustParse("c = connect\n"
                  "lab = c.bootstrap Lab\n"
                  "n = lab.numbers()\n"
                  "m = lab.numbers()\n"
                  "o = lab.open()\n"
                  "p = lab.open()\n"
                  "p.door.knock(by = serve `Store(Text)` { put: return (previous = $m.words[0]) }, on = p.door)\n"
                  "await m\n"
                  "drop p.pointer\n")};
    Redirect(program, 5, 4);
    Redirect(program, 3, 2);
    EXPECT_EQ(Print(TestSchema(), program),
              "c0 = connect\nlab0 = c0.bootstrap Lab\nnumbers0 = lab0.numbers()\nnumbers1 = lab0.numbers()\n"
              "open0 = lab0.open()\nopen1 = lab0.open()\n"
              "knock0 = open0.door.knock(by = serve `Store(Text)` { put: return (previous = $numbers0.words[0]) }, "
              "on = open0.door)\nawait numbers0\ndrop open0.pointer\n");
}

TEST(Redirect, RefusesALaterStepAndOneOfAnotherKind)
{
    Program program{MustParse("a = connect\nb = connect\ni = b.bootstrap Init\n")};
    EXPECT_EXIT(Redirect(program, 0, 1), testing::ExitedWithCode(base::EXIT_OWN_BUG), "to < from");
    EXPECT_EXIT(Redirect(program, 2, 0), testing::ExitedWithCode(base::EXIT_OWN_BUG), "Interchangeable");
}

TEST(Redirect, LeavesAValidProgramOnRandomPrograms)
{
    base::Rng rng{30};
    size_t redirected{0};
    for (int i{0}; i < 200; ++i) {
        Program program{RandomProgram(TestSchema(), rng)};
        for (StepIndex from{1}; from < CountSteps(program); ++from) {
            const auto to{static_cast<StepIndex>(rng.Below(from))};
            if (!Interchangeable(program, from, to)) continue;
            Redirect(program, from, to);
            ++redirected;
            const size_t size{program.steps.size()};
            Program without{program};
            ASSERT_EQ(RemoveStep(without, from), 1U) << "no step names it any more";
            ASSERT_EQ(without.steps.size(), size - 1);
        }
        ASSERT_NO_FATAL_FAILURE(ExpectValid(program));
    }
    EXPECT_GT(redirected, 60U);
}

TEST(MergeConnections, MovesEverythingAndKeepsOneBootstrapOfAnInterface)
{
    Program program{MustParse("a = connect\n"
                              "i = a.bootstrap Init\n"
                              "b = connect\n"
                              "j = b.bootstrap Init\n"
                              "l = b.bootstrap Lab\n"
                              "m = j.makeMining()\n"
                              "b.bytes \"x\"\n"
                              "b.message (finish = (questionId = 7))\n"
                              "disconnect b half\n"
                              "l.numbers()\n")};
    EXPECT_EQ(MergeConnections(program, 2, 0), 2U);
    EXPECT_EQ(Print(TestSchema(), program), "c0 = connect\ninit0 = c0.bootstrap Init\nlab0 = c0.bootstrap Lab\n"
                                            "makeMining0 = init0.makeMining()\nc0.bytes \"x\"\n"
                                            "c0.message (finish = (questionId = 7))\ndisconnect c0 half\n"
                                            "numbers0 = lab0.numbers()\n");
}

TEST(MergeConnections, LeavesAValidProgramOnRandomPrograms)
{
    base::Rng rng{31};
    size_t merged{0};
    for (int i{0}; i < 200; ++i) {
        Program program{RandomProgram(TestSchema(), rng)};
        for (StepIndex from{CountSteps(program)}; from-- > 1;) {
            if (!std::holds_alternative<Connect>(program.steps[from])) continue;
            StepIndex into{0};
            while (!std::holds_alternative<Connect>(program.steps[into])) ++into;
            if (into == from) break;
            const size_t size{program.steps.size()};
            const size_t removed{MergeConnections(program, from, into)};
            ASSERT_GE(removed, 1U);
            ASSERT_EQ(program.steps.size(), size - removed);
            ASSERT_NO_FATAL_FAILURE(ExpectValid(program));
            from = std::min(from, CountSteps(program));
            ++merged;
        }
    }
    EXPECT_GT(merged, 100U);
}

std::string Inlined(std::string_view text, StepIndex serve)
{
    Program program{MustParse(text)};
    return InlineServed(TestSchema(), program, serve) ? Print(TestSchema(), program) : "no";
}

TEST(InlineServed, MovesAnObjectToItsOnlyUse)
{
    EXPECT_EQ(Inlined("s = serve ThreadMap { makeThread: later 3 (result = serve Thread) }\nc = connect\n"
                      "i = c.bootstrap Init\ni.construct(threadMap = s)\n",
                      0),
              "c0 = connect\ninit0 = c0.bootstrap Init\nconstruct0 = init0.construct(threadMap = serve ThreadMap { "
              "makeThread: later 2 (result = serve Thread) })\n");
    EXPECT_EQ(Inlined("s = serve Thread\nt = serve ThreadMap { makeThread: return (result = s) }\n", 0),
              "s0 = serve ThreadMap { makeThread: return (result = serve Thread) }\n");
}

TEST(InlineServed, KeepsAnObjectThatIsNotUsedExactlyOnceAsAnArgument)
{
    constexpr std::string_view HEAD{"c = connect\nlab = c.bootstrap Lab\ns = serve Lab\n"};
    EXPECT_EQ(Inlined(HEAD, 2), "no");
    EXPECT_EQ(Inlined(std::string{HEAD} + "lab.echo(lab = s, capability = s)\n", 2), "no");
    EXPECT_EQ(Inlined(std::string{HEAD} + "lab.echo(lab = s)\ndrop s\n", 2), "no");
    EXPECT_EQ(Inlined(std::string{HEAD} + "s.touch()\n", 2), "no");
}

TEST(InlineServed, KeepsAnObjectIfTheArgumentWouldBeTooLarge)
{
    std::string list{"lab"};
    for (int i{0}; i < 9; ++i) list += ", lab";
    EXPECT_EQ(Inlined("c = connect\nlab = c.bootstrap Lab\ns = serve Lab { echo: return (labs = [" + list +
                          "]) }\nlab.echo(labs = [s * 200000])\n",
                      2),
              "no");
}

TEST(CapabilitiesBefore, ReturnsAllThatFitTheEarliestFirst)
{
    const Program program{MustParse("c = connect\n"
                                    "lab = c.bootstrap Lab\n"
                                    "init = c.bootstrap Init\n"
                                    "m = (lab as Init).makeMining()\n"
                                    "l = init.makeLab()\n"
                                    "b = m.result.getBlocks(count = 2)\n"
                                    "s = serve Lab\n"
                                    "lab.numbers()\n"
                                    "late = init.makeLab()\n")};
    const auto find{[&](std::string_view interface) {
        std::vector<std::string> texts;
        const uint32_t index{*TestSchema().FindInterface(interface)};
        for (const CapabilityRef& ref : CapabilitiesBefore(TestSchema(), program, 8, index)) {
            texts.push_back(PrintValue(TestSchema(), program, {schema::Kind::INTERFACE, index}, Value{ref}));
        }
        return texts;
    }};
    EXPECT_THAT(find("Lab"), ElementsAre("lab0", "makeLab0.result", "s0"));
    EXPECT_THAT(find("Base"), ElementsAre("lab0", "makeLab0.result", "s0"));
    EXPECT_THAT(find("BlockTemplate"), ElementsAre("getBlocks0.templates[0]"));
    EXPECT_THAT(find("Thread"), ElementsAre());
}

} // namespace
} // namespace mpfuzz::program
