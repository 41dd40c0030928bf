#include <mpfuzz/triage/minimize_finding.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/triage/files.h>
#include <mpfuzz/triage/minimize_fixture.h>

#include <filesystem>
#include <functional>
#include <map>

namespace mpfuzz::triage {
namespace {

const Identity CRASH{observe::FindingKind::CRASH, "SIGSEGV in F (f.cpp)"};

observe::Finding Finding(observe::FindingKind kind, const program::Program& program)
{
    return {.identity = {kind, CRASH.title},
            .program = program,
            .trace = {.outcomes = std::vector<trace::Outcome>(program.steps.size())}};
}

//! Fixture with a stored finding, and a fake target whose findings depend only on the program's text.
class FindingTest : public PassTest
{
protected:
    StoredFinding Stored(const std::string& program, std::optional<std::string> minimal = {})
    {
        Record record;
        record.identity = CRASH;
        record.program = program;
        record.minimal = std::move(minimal);
        const auto saved{Save(m_directory.Path(), record, nullptr)};
        CHECK(saved);
        return Reloaded(saved->directory);
    }
    static StoredFinding Reloaded(const std::string& directory)
    {
        auto finding{Load(directory)};
        CHECK(finding, finding ? "" : finding.GetError().message);
        return *finding;
    }

    //! A target that always shows another finding, and also the crash if `crashes` returns true for the program's text.
    TryRun Target(std::function<bool(const std::string&)> crashes)
    {
        return [this, crashes = std::move(crashes)](
                   const program::Program& program) -> base::Result<std::vector<observe::Finding>> {
            const std::string text{Text(program)};
            ++m_runs[text];
            std::vector<observe::Finding> findings{Finding(observe::FindingKind::NO_REPLY, program)};
            if (crashes(text)) findings.push_back(Finding(CRASH.kind, program));
            return findings;
        };
    }

    MinimizedFinding MustMinimize(const StoredFinding& finding, const TryRun& run, const FindingOptions& options = {})
    {
        auto minimized{MinimizeFinding(*m_schema, finding, run, options)};
        CHECK(minimized, minimized ? "" : minimized.GetError().message);
        return *minimized;
    }

    const base::TemporaryDirectory m_directory;
    std::map<std::string, int> m_runs;
};

const std::string PROGRAM{"c0 = connect\ninit0 = c0.bootstrap Init\nmakeMining0 = init0.makeMining()\n"
                          "getTip0 = makeMining0.result.getTip()\nmakeLab0 = init0.makeLab()\nawait all\n"
                          "numbers0 = makeLab0.result.numbers()\ndisconnect c0 clean\n"};
const std::string SMALLEST{"c0 = connect\ninit0 = c0.bootstrap Init\nmakeLab0 = init0.makeLab()\n"};

bool HasLab(const std::string& text) { return text.find("makeLab0 =") != std::string::npos; }

TEST_F(FindingTest, StoresTheSmallestProgramWithItsVerdict)
{
    const StoredFinding finding{Stored(PROGRAM)};
    const MinimizedFinding minimized{MustMinimize(finding, Target(HasLab))};
    EXPECT_EQ(Text(minimized.from.program), PROGRAM);
    EXPECT_EQ(Text(minimized.best.program), SMALLEST);
    EXPECT_TRUE(minimized.complete);
    const StoredFinding after{Reloaded(finding.directory)};
    EXPECT_EQ(after.record.minimal, SMALLEST);
    EXPECT_EQ(after.record.verdict, (Verdict{20, 20}));
    EXPECT_EQ(after.record.program, PROGRAM);
}

TEST_F(FindingTest, ContinuesFromTheStoredProgram)
{
    const StoredFinding finding{Stored(PROGRAM)};
    MustMinimize(finding, Target(HasLab));
    m_runs.clear();
    const MinimizedFinding again{MustMinimize(Reloaded(finding.directory), Target(HasLab))};
    EXPECT_EQ(Text(again.from.program), SMALLEST);
    EXPECT_EQ(again.candidates, 0U);
    EXPECT_GT(again.known, 0U);
    EXPECT_EQ(m_runs.size(), 1U) << "only the stored program is replayed";
}

TEST_F(FindingTest, StoresEachSmallerProgramAtOnce)
{
    const StoredFinding finding{Stored(PROGRAM)};
    size_t stored_size{finding.record.program.size()};
    MustMinimize(finding, Target([&](const std::string& text) {
                     const auto minimal{Reloaded(finding.directory).record.minimal};
                     if (minimal) stored_size = std::min(stored_size, minimal->size());
                     return HasLab(text);
                 }),
                 {.stop = [&] { return stored_size < PROGRAM.size(); }});
    EXPECT_LT(stored_size, PROGRAM.size()) << "it is stored while candidates are still run";
}

TEST_F(FindingTest, StoresNothingIfNoReplayShowsTheFinding)
{
    const StoredFinding finding{Stored(PROGRAM)};
    const MinimizedFinding minimized{MustMinimize(finding, Target([](const std::string&) { return false; }))};
    EXPECT_EQ(minimized.from.verdict, (Verdict{0, 5}));
    EXPECT_EQ(minimized.candidates, 0U);
    EXPECT_EQ(Reloaded(finding.directory).record.minimal, std::nullopt);
}

TEST_F(FindingTest, UsesTheProgramIfTheMinimalOneDoesNotShowIt)
{
    const StoredFinding finding{Stored(PROGRAM, "c0 = connect\n")};
    std::vector<std::string> notes;
    const MinimizedFinding minimized{
        MustMinimize(finding, Target(HasLab), {.on_note = [&](const std::string& note) { notes.push_back(note); }})};
    EXPECT_EQ(Text(minimized.from.program), PROGRAM);
    EXPECT_EQ(Text(minimized.best.program), SMALLEST);
    EXPECT_EQ(notes, std::vector<std::string>{"minimal.mpf does not show the finding in 5 tries"});
}

TEST_F(FindingTest, DoesNotReplaceAReliableProgramByAFlakyOne)
{
    // Without the await the finding is flaky: the first few runs of such a program show it, the later ones do not.
    const StoredFinding finding{Stored(PROGRAM)};
    const MinimizedFinding minimized{MustMinimize(finding, Target([&](const std::string& text) {
                                                      const bool certain{text.find("await") != std::string::npos};
                                                      return HasLab(text) && (certain || m_runs[text] <= 2);
                                                  }))};
    EXPECT_EQ(Text(minimized.best.program), SMALLEST + "await all\n");
    EXPECT_EQ(minimized.best.verdict, (Verdict{20, 20}));
    EXPECT_EQ(Reloaded(finding.directory).record.minimal, SMALLEST + "await all\n");
    EXPECT_FALSE(std::filesystem::exists(finding.directory + "/minimize.state"))
        << "results of a flaky finding are not stored";
}

TEST_F(FindingTest, TriesAFlakyFindingSeveralTimesAndKeepsNoMemo)
{
    const StoredFinding finding{Stored(PROGRAM)};
    const MinimizedFinding minimized{
        MustMinimize(finding, Target([&](const std::string& text) { return HasLab(text) && m_runs[text] % 2 == 0; }))};
    EXPECT_EQ(minimized.from.verdict, (Verdict{2, 5}));
    EXPECT_EQ(Text(minimized.best.program), SMALLEST);
    EXPECT_FALSE(std::filesystem::exists(finding.directory + "/minimize.state"));
}

TEST_F(FindingTest, RepeatsTheLastCallIfThatProgramAlwaysShowsTheFinding)
{
    const StoredFinding finding{Stored(PROGRAM)};
    const MinimizedFinding minimized{MustMinimize(finding, Target([&](const std::string& text) {
                                                      const bool certain{text.find("makeLab3 =") != std::string::npos};
                                                      return HasLab(text) && (certain || m_runs[text] % 5 != 0);
                                                  }))};
    std::string expected{SMALLEST};
    for (const char* number : {"1", "2", "3"}) expected += std::string{"makeLab"} + number + " = init0.makeLab()\n";
    EXPECT_EQ(Text(minimized.best.program), expected);
    EXPECT_EQ(minimized.best.verdict, (Verdict{20, 20}));
    EXPECT_EQ(Reloaded(finding.directory).record.minimal, expected);
}

TEST_F(FindingTest, IsNotCompleteIfTheTimeIsUp)
{
    const StoredFinding finding{Stored(PROGRAM)};
    const MinimizedFinding minimized{MustMinimize(finding, Target(HasLab), {.max_time = std::chrono::milliseconds{0}})};
    EXPECT_FALSE(minimized.complete);
    EXPECT_EQ(Text(minimized.best.program), PROGRAM);
}

TEST_F(FindingTest, ATargetThatCannotBeRunIsAnErrorAndLosesNothing)
{
    const StoredFinding finding{Stored(PROGRAM)};
    const TryRun target{Target(HasLab)};
    int runs{0};
    const auto minimized{
        MinimizeFinding(*m_schema, finding,
                        [&](const program::Program& program) -> base::Result<std::vector<observe::Finding>> {
                            if (++runs > 12) return base::Error{"no such binary"};
                            return target(program);
                        },
                        {})};
    ASSERT_FALSE(minimized);
    EXPECT_EQ(minimized.GetError().message, "no such binary");
    EXPECT_EQ(runs, 13) << "the target is not started again";
    const auto minimal{Reloaded(finding.directory).record.minimal};
    ASSERT_TRUE(minimal);
    EXPECT_LT(minimal->size(), PROGRAM.size());
}

TEST_F(FindingTest, SaysWhichProgramDoesNotFitTheSchema)
{
    const auto minimized{MinimizeFinding(*m_schema, Stored("c0 = nonsense\n"), Target(HasLab), {})};
    ASSERT_FALSE(minimized);
    EXPECT_NE(minimized.GetError().message.find("/program.mpf:1:"), std::string::npos) << minimized.GetError().message;
}

} // namespace
} // namespace mpfuzz::triage
