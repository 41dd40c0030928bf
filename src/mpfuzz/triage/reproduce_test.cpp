#include <mpfuzz/triage/reproduce.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace mpfuzz::triage {
namespace {

using program::Connect;
using program::Delay;
using program::Disconnect;
using program::Program;

const Identity CRASH{observe::FindingKind::CRASH, "SIGSEGV"};

std::vector<observe::Finding> Crash() { return {{.identity = CRASH}}; }

//! A program that can be identified by its delay.
Program Numbered(uint32_t number) { return {.steps = {Connect{}, Delay{.ms = number}}}; }

std::vector<uint32_t> Numbers(const Program& program)
{
    std::vector<uint32_t> numbers;
    for (const auto& step : program.steps) {
        if (const auto* delay{std::get_if<Delay>(&step)}) numbers.push_back(delay->ms);
    }
    return numbers;
}

std::vector<Program> History(uint32_t length)
{
    std::vector<Program> history;
    for (uint32_t number{1}; number <= length; ++number) history.push_back(Numbered(number));
    return history;
}

//! A target that crashes if all these programs were run. Other programs do not matter.
TryRun CrashesAfter(std::vector<uint32_t> needed)
{
    return [needed = std::move(needed)](const Program& program) {
        const auto numbers{Numbers(program)};
        for (const uint32_t number : needed) {
            if (std::find(numbers.begin(), numbers.end(), number) == numbers.end())
                return std::vector<observe::Finding>{};
        }
        return Crash();
    };
}

Reproducer Find(const TryRun& run, const Past& past, int tries, const GiveUp& give_up = {})
{
    Replayer replayer{run, CRASH, give_up};
    return FindReproducer(replayer, past, tries);
}

TEST(Verdict, IsDescribedInAFewWords)
{
    EXPECT_EQ(Describe({5, 5}), "always");
    EXPECT_EQ(Describe({2, 5}), "flaky 2/5");
    EXPECT_EQ(Describe({0, 5}), "once");
    EXPECT_EQ(Describe({0, 0}), "not yet replayed");
}

TEST(Reproduce, CountsRunsAndNotFindings)
{
    int runs{0};
    const TryRun rerun{[&](const Program&) {
        auto findings{Crash()};
        findings.push_back(findings.front());
        return ++runs % 2 == 0 ? findings : std::vector<observe::Finding>{};
    }};
    EXPECT_EQ((Replayer{rerun, CRASH}.Replay(Numbered(1), 5)), (Verdict{2, 5}));
    EXPECT_EQ(runs, 5);
}

TEST(Reproduce, CountsOnlyFindingsOfTheSameKindAndTitle)
{
    const TryRun other{[](const Program&) {
        return std::vector<observe::Finding>{{.identity = {observe::FindingKind::CRASH, "SIGABRT"}},
                                             {.identity = {observe::FindingKind::NO_REPLY, "SIGSEGV"}}};
    }};
    EXPECT_EQ((Replayer{other, CRASH}.Replay(Numbered(1), 3)), (Verdict{0, 3}));
}

TEST(FindReproducer, ReturnsTheLastProgramAloneIfItShowsTheFinding)
{
    const auto history{History(9)};
    const Reproducer found{Find(CrashesAfter({9}), {history}, 3)};
    EXPECT_EQ(found.program, history.back());
    EXPECT_EQ(found.verdict, (Verdict{3, 3}));
    EXPECT_EQ(found.programs, 1U);
}

TEST(FindReproducer, DoublesTheNumberOfProgramsInEachTry)
{
    const Reproducer found{Find(CrashesAfter({7, 10}), {History(10)}, 2)};
    EXPECT_EQ(found.programs, 4U);
    EXPECT_EQ(Numbers(found.program), (std::vector<uint32_t>{7, 8, 9, 10}));
}

TEST(FindReproducer, TriesTheWholeHistoryLast)
{
    const Reproducer found{Find(CrashesAfter({1, 10}), {History(10)}, 2)};
    EXPECT_EQ(found.programs, 10U);
}

TEST(FindReproducer, AwaitsCallsAndClosesConnectionsAfterEachProgram)
{
    const Reproducer found{Find(CrashesAfter({1, 2}), {History(2)}, 1)};
    const Program expected{.steps = {Connect{}, Delay{.ms = 1}, program::Await{},
                                     Disconnect{.connection = 0, .how = Disconnect::How::CLEAN}, Connect{},
                                     Delay{.ms = 2}}};
    EXPECT_EQ(found.program, expected);
}

TEST(FindReproducer, AwaitsEachCallIfThatProgramAlwaysShowsTheFinding)
{
    const Program racy{
        .steps = {Connect{}, program::Bootstrap{}, program::Call{.target = {.step = 1, .path = {}}}, Delay{}}};
    int runs{0};
    const TryRun rerun{[&](const Program& program) {
        const bool awaits{std::any_of(program.steps.begin(), program.steps.end(), [](const program::Step& step) {
            return std::holds_alternative<program::Await>(step);
        })};
        std::vector<observe::Finding> findings;
        if (awaits || ++runs % 2 == 0) findings.push_back({.identity = CRASH});
        return findings;
    }};
    const Reproducer found{Find(rerun, {{racy}}, 4)};
    EXPECT_EQ(found.verdict, (Verdict{4, 4}));
    ASSERT_EQ(found.program.steps.size(), 5);
    EXPECT_EQ(std::get<program::Await>(found.program.steps[3]).call, 2U);
}

TEST(FindReproducer, DelaysADisconnectIfThatProgramAlwaysShowsTheFinding)
{
    const Program racy{.steps = {Connect{}, program::Bootstrap{}, Disconnect{}}};
    int runs{0};
    const TryRun rerun{[&](const Program& program) {
        const auto* delay{std::get_if<Delay>(&program.steps[2])};
        std::vector<observe::Finding> findings;
        if ((delay && delay->ms > 20) || ++runs % 2 == 0) findings.push_back({.identity = CRASH});
        return findings;
    }};
    const Reproducer found{Find(rerun, {{racy}}, 4)};
    EXPECT_EQ(found.verdict, (Verdict{4, 4}));
    ASSERT_EQ(found.program.steps.size(), 4);
    EXPECT_TRUE(std::holds_alternative<Disconnect>(found.program.steps[3]));
}

TEST(FindReproducer, ClosesConnectionsIfTheEndOfTheProgramWaitsTooLong)
{
    const Program racy{.steps = {Connect{}, program::Bootstrap{}}};
    int runs{0};
    const TryRun rerun{[&](const Program& program) {
        std::vector<observe::Finding> findings;
        if (std::holds_alternative<Disconnect>(program.steps.back()) || ++runs % 2 == 0) {
            findings.push_back({.identity = CRASH});
        }
        return findings;
    }};
    const Reproducer found{Find(rerun, {{racy}}, 4)};
    EXPECT_EQ(found.verdict, (Verdict{4, 4}));
    EXPECT_EQ(found.program.steps.size(), 3);
}

TEST(FindReproducer, RepeatsTheLastProgramForAFindingThatNeedsSeveralRuns)
{
    const auto history{History(9)};
    const TryRun rerun{[&](const Program& program) {
        const auto numbers{Numbers(program)};
        std::vector<observe::Finding> findings;
        if (std::ranges::count(numbers, 9U) > 20) findings.push_back({.identity = CRASH});
        return findings;
    }};
    const Reproducer found{Find(rerun, {history}, 3)};
    EXPECT_EQ(found.verdict, (Verdict{3, 3}));
    EXPECT_EQ(Numbers(found.program), std::vector<uint32_t>(32, 9));
}

TEST(FindReproducer, ReturnsASelectionOfProgramsBeforeTheHistory)
{
    const std::vector<std::vector<Program>> selections{{Numbered(2)}, {Numbered(1), Numbered(3), Numbered(9)}, {}};
    const Reproducer found{Find(CrashesAfter({1, 9}), {{Numbered(8), Numbered(9)}, selections}, 3)};
    EXPECT_EQ(found.verdict, (Verdict{3, 3}));
    EXPECT_EQ(found.programs, 3U);
    EXPECT_EQ(Numbers(found.program), (std::vector<uint32_t>{1, 3, 9}));
}

TEST(FindReproducer, ReturnsTheSelectionThatShowsTheFindingMostOften)
{
    int runs{0};
    const TryRun rerun{[&](const Program& program) {
        const auto numbers{Numbers(program)};
        const bool hits{numbers.size() == 2 || (numbers.size() == 3 && ++runs % 2 == 1)};
        return hits ? Crash() : std::vector<observe::Finding>{};
    }};
    const std::vector<Program> three(3, Numbered(1));
    const std::vector<Program> two(2, Numbered(1));
    const Reproducer found{Find(rerun, {{Numbered(1)}, {three, two}}, 4)};
    EXPECT_EQ(found.verdict, (Verdict{4, 4}));
    EXPECT_EQ(found.programs, 2U);
}

TEST(FindReproducer, ReturnsTheLastProgramIfNoCandidateShowsTheFinding)
{
    int runs{0};
    const TryRun never{[&](const Program&) {
        ++runs;
        return std::vector<observe::Finding>{};
    }};
    const auto history{History(6)};
    const std::vector<std::vector<Program>> nothing_selected(1);
    const Reproducer found{Find(never, {history, nothing_selected}, 3)};
    EXPECT_EQ(found.program, history.back());
    EXPECT_EQ(Describe(found.verdict), "once");
    EXPECT_EQ(runs, 3 * 4 + 2) << "the last 1, 2, 4 and all 6 programs, and the last program repeated";
}

TEST(FindReproducer, MakesNoProgramThatIsTooLong)
{
    Program longest;
    longest.steps.assign(program::MAX_STEPS - 10, Delay{});
    const std::vector<Program> history(3, longest);
    const Reproducer found{Find(CrashesAfter({999}), {history}, 1)};
    EXPECT_EQ(found.program, longest);
}

} // namespace
} // namespace mpfuzz::triage
