#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/test_program.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

namespace mpfuzz::program {
namespace {

std::string WithoutStep(std::string_view text, StepIndex step)
{
    Program program{MustParse(text)};
    RemoveStep(program, step);
    return Print(TestSchema(), program);
}

void ExpectValid(const Program& program)
{
    const auto status{Validate(TestSchema(), program)};
    ASSERT_TRUE(status) << status.GetError().message << "\n" << Print(TestSchema(), program);
}

TEST(RemoveStep, AlsoRemovesStepsThatCannotExistWithoutIt)
{
    constexpr std::string_view TEXT{"c0 = connect\n"
                                    "c1 = connect\n"
                                    "i = c0.bootstrap Init\n"
                                    "m = i.makeMining()\n"
                                    "t = m.result.getTip()\n"
                                    "await t\n"
                                    "await all\n"
                                    "cancel t\n"
                                    "drop m.result\n"
                                    "j = c1.bootstrap Init\n"
                                    "c0.bytes \"x\"\n"
                                    "disconnect c0 half\n"};
    EXPECT_EQ(WithoutStep(TEXT, 0), "c0 = connect\nawait all\ninit0 = c0.bootstrap Init\n");
    EXPECT_EQ(WithoutStep(TEXT, 3), "c0 = connect\nc1 = connect\ninit0 = c0.bootstrap Init\nawait all\n"
                                    "init1 = c1.bootstrap Init\nc0.bytes \"x\"\ndisconnect c0 half\n");
    Program program{MustParse(TEXT)};
    EXPECT_EQ(RemoveStep(program, 2), 6U);
    EXPECT_EQ(RemoveStep(program, 2), 1U);
}

TEST(RemoveStep, MakesCapabilitiesNullAndLeavesDataAtItsDefault)
{
    constexpr std::string_view TEXT{
        "c = connect\n"
        "lab = c.bootstrap Lab\n"
        "n = lab.numbers()\n"
        "o = lab.open()\n"
        "lab.echo(uint8 = $n.small, text = $n.words[0], cube = [[[1, $n.small], [$n.big * 9]]], lab = o.pointer, "
        "labs = [o.pointer, lab], anyPointer = any Text $n.words[1], anyStruct = any Everything (uint8 = $n.small), "
        "capability = serve Lab { put: return (previous = $n.words[0]) })\n"};
    EXPECT_EQ(WithoutStep(TEXT, 2),
              "c0 = connect\nlab0 = c0.bootstrap Lab\nopen0 = lab0.open()\n"
              "echo0 = lab0.echo(cube = [[[1], []]], labs = [open0.pointer, lab0], lab = open0.pointer, "
              "anyPointer = null, anyStruct = any Everything (), capability = serve Lab { put: return () })\n");
    EXPECT_EQ(WithoutStep(WithoutStep(TEXT, 2), 2),
              "c0 = connect\nlab0 = c0.bootstrap Lab\necho0 = lab0.echo(cube = [[[1], []]], labs = [null, lab0], "
              "lab = null, anyPointer = null, anyStruct = any Everything (), "
              "capability = serve Lab { put: return () })\n");
}

TEST(RemoveStep, MovesTheMomentsOfLaterReactions)
{
    constexpr std::string_view TEXT{
        "c = connect\n"
        "s = serve Lab { put: later 0 (); get2: later 2 (); touch: later 3 (); numbers: later 9 () }\n"
        "disconnect c half\n"
        "delay 1ms\n"};
    EXPECT_EQ(WithoutStep(TEXT, 0), "s0 = serve Lab { put: later 0 (); get2: later 1 (); touch: later 1 (); "
                                    "numbers: later 7 () }\ndelay 1ms\n");
}

TEST(RemoveStep, RefusesAStepThatDoesNotExist)
{
    Program program{MustParse("c = connect\n")};
    EXPECT_EXIT(RemoveStep(program, 1), testing::ExitedWithCode(base::EXIT_OWN_BUG), "begin < end");
}

TEST(RemoveStep, LeavesAValidProgramOnRandomPrograms)
{
    base::Rng rng{10};
    for (int i{0}; i < 200; ++i) {
        Program program{RandomProgram(TestSchema(), rng)};
        while (!program.steps.empty()) {
            const size_t size{program.steps.size()};
            const size_t removed{RemoveStep(program, static_cast<StepIndex>(rng.Below(size)))};
            ASSERT_GE(removed, 1U);
            ASSERT_EQ(program.steps.size(), size - removed);
            ASSERT_NO_FATAL_FAILURE(ExpectValid(program));
        }
    }
}

TEST(InsertStep, IsUndoneByRemoveStep)
{
    base::Rng rng{11};
    for (int i{0}; i < 200; ++i) {
        const Program program{RandomProgram(TestSchema(), rng)};
        Program edited{program};
        const auto position{static_cast<StepIndex>(rng.Below(program.steps.size() + 1))};
        InsertStep(edited, position, rng.OneIn(2) ? Step{Connect{}} : Step{Delay{7}});
        ASSERT_EQ(edited.steps.size(), program.steps.size() + 1);
        ASSERT_NO_FATAL_FAILURE(ExpectValid(edited));
        ASSERT_EQ(RemoveStep(edited, position), 1U);
        ASSERT_TRUE(edited == program) << position << "\n" << Print(TestSchema(), program);
    }
}

TEST(InsertStep, RestoresARemovedStepThatNoOtherStepUsed)
{
    Program program{MustParse("c = connect\ni = c.bootstrap Init\nm = i.makeMining()\nm.result.getTip()\n")};
    const Program before{program};
    const Step last{program.steps.back()};
    RemoveStep(program, 3);
    InsertStep(program, 3, last);
    EXPECT_TRUE(program == before);
}

TEST(RemoveSteps, EqualsRemovingThemOneByOne)
{
    base::Rng rng{31};
    for (int i{0}; i < 200; ++i) {
        const Program program{RandomProgram(TestSchema(), rng)};
        const auto size{static_cast<StepIndex>(program.steps.size())};
        const auto begin{static_cast<StepIndex>(rng.Below(size))};
        const auto end{static_cast<StepIndex>(begin + 1 + rng.Below(size - begin))};
        Program one_by_one{program};
        for (StepIndex step{end}; step > begin; --step) RemoveStep(one_by_one, step - 1);
        Program at_once{program};
        EXPECT_EQ(RemoveSteps(at_once, begin, end), size - one_by_one.steps.size());
        ASSERT_EQ(at_once, one_by_one);
    }
}

TEST(AwaitEach, PutsAnAwaitAfterEveryCall)
{
    const Program program{MustParse("c0 = connect\n"
                                    "i = c0.bootstrap Init\n"
                                    "m = i.makeMining()\n"
                                    "drop m.result\n"
                                    "n = i.makeMining()\n")};
    EXPECT_EQ(AwaitEach(program), MustParse("c0 = connect\n"
                                            "i = c0.bootstrap Init\n"
                                            "m = i.makeMining()\n"
                                            "await m\n"
                                            "drop m.result\n"
                                            "n = i.makeMining()\n"
                                            "await n\n"));
    EXPECT_FALSE(AwaitEach(Program{std::vector<Step>(MAX_STEPS, Call{})})) << "there is no room";
}

TEST(DelayGivingUp, PutsADelayBeforeCancelDropDisconnectAndSignal)
{
    const Program program{MustParse("c0 = connect\n"
                                    "i = c0.bootstrap Init\n"
                                    "m = i.makeMining()\n"
                                    "cancel m\n"
                                    "n = i.makeMining()\n"
                                    "drop n.result\n"
                                    "signal TERM\n"
                                    "disconnect c0 abrupt\n")};
    EXPECT_EQ(DelayGivingUp(program, 7), MustParse("c0 = connect\n"
                                                   "i = c0.bootstrap Init\n"
                                                   "m = i.makeMining()\n"
                                                   "delay 7ms\n"
                                                   "cancel m\n"
                                                   "n = i.makeMining()\n"
                                                   "delay 7ms\n"
                                                   "drop n.result\n"
                                                   "delay 7ms\n"
                                                   "signal TERM\n"
                                                   "delay 7ms\n"
                                                   "disconnect c0 abrupt\n"));
    EXPECT_FALSE(DelayGivingUp(MustParse("c0 = connect\n"), 7)) << "nothing to delay";
    EXPECT_FALSE(DelayGivingUp(Program{std::vector<Step>(MAX_STEPS, Cancel{})}, 7)) << "there is no room";
}

TEST(Append, LeavesAValidProgramThatConsistsOfTheTwo)
{
    base::Rng rng{12};
    for (int i{0}; i < 250; ++i) {
        const Program head{RandomProgram(TestSchema(), rng)};
        const Program tail{RandomProgram(TestSchema(), rng)};
        Program both{head};
        Append(both, tail);
        ASSERT_NO_FATAL_FAILURE(ExpectValid(both));
        ASSERT_EQ(both.steps.size(), head.steps.size() + tail.steps.size());
        ASSERT_TRUE(std::equal(head.steps.begin(), head.steps.end(), both.steps.begin()));
        while (both.steps.size() > tail.steps.size()) RemoveStep(both, 0);
        ASSERT_TRUE(both == tail) << Print(TestSchema(), tail);
    }
}

TEST(Append, AcceptsTheProgramItself)
{
    Program program{MustParse("c = connect\ni = c.bootstrap Init\n")};
    Append(program, program);
    EXPECT_EQ(Print(TestSchema(), program),
              "c0 = connect\ninit0 = c0.bootstrap Init\nc1 = connect\ninit1 = c1.bootstrap Init\n");
}

} // namespace
} // namespace mpfuzz::program
