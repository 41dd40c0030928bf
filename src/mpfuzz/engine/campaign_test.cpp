#include <mpfuzz/engine/campaign.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/schema/load.h>
#include <mpfuzz/triage/file_lock.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>

namespace mpfuzz::engine {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

//! Replays of a fake target: a finding appears in each run, or this process ends.
class FakeRunner final : public TriageRunner
{
public:
    explicit FakeRunner(std::function<void(const triage::StoredFinding&)> on_run) : m_on_run{std::move(on_run)} {}

    Findings RunFresh(const triage::StoredFinding& finding, const program::Program& program) override
    {
        ++m_starts;
        m_on_run(finding);
        return std::vector<observe::Finding>{
            {.identity = finding.record.identity,
             .program = program,
             .trace = {.outcomes = std::vector<trace::Outcome>(program.steps.size())}}};
    }
    uint64_t TargetStarts() const override { return m_starts; }

private:
    std::function<void(const triage::StoredFinding&)> m_on_run;
    uint64_t m_starts{0};
};

//! Campaigns whose workers do not need a target.
class CampaignTest : public testing::Test
{
protected:
    CampaignTest()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/program/testdata/mining.capnp"};
        m_schema = *schema::LoadFiles(files, {});
        m_options.out = m_directory.Path();
        m_options.signals = &m_signals;
        m_options.runs = 8;
        m_options.triage_time = std::chrono::seconds{20};
    }

    //! A fuzzing worker that finds a crash with this title in each program.
    std::function<void(WorkerContext&)> Finds(std::string title)
    {
        return [title = std::move(title)](WorkerContext& context) {
            const observe::Finding finding{.identity = {observe::FindingKind::CRASH, title},
                                           .program = {.steps = {program::Connect{}, program::Delay{.ms = 1}}},
                                           .trace = {.outcomes = std::vector<trace::Outcome>(2)}};
            for (;;) {
                context.BeginProgram();
                const auto recorded{context.Recorder().RecordProgram(
                    finding, [] { return triage::Witness{.program = "c0 = connect\ndelay 1ms\n"}; })};
                if (!recorded) context.Fail(recorded.GetError());
            }
        };
    }

    base::Result<CampaignResult> Run(
        std::function<void(WorkerContext&)> fuzz,
        std::function<void(const triage::StoredFinding&)> on_run = [](const auto&) {})
    {
        const CampaignWork work{*m_schema, std::move(fuzz), [on_run] { return std::make_unique<FakeRunner>(on_run); }};
        CampaignReporter reporter;
        reporter.on_note = [this](const std::string& note) { m_notes += note + "\n"; };
        reporter.on_progress = [this](const Progress& progress) {
            if (m_on_progress) m_on_progress(progress);
        };
        return RunCampaign(work, m_options, reporter);
    }

    const base::TemporaryDirectory m_directory;
    std::shared_ptr<const schema::Schema> m_schema;
    CampaignOptions m_options;
    std::atomic<int> m_signals{0};
    std::string m_notes;
    std::function<void(const Progress&)> m_on_progress;
};

TEST_F(CampaignTest, CountsFindingsAndInvestigatesEachOnce)
{
    m_options.jobs = 2;
    m_options.triage_jobs = 2;
    const auto result{Run(Finds("a"))};
    ASSERT_TRUE(result) << result.GetError().message;
    ASSERT_EQ(result->findings.size(), 1U);
    const auto& [stored, occurrences]{result->findings[0]};
    EXPECT_EQ(occurrences, 8U);
    EXPECT_EQ(stored.occurrences, 8U);
    EXPECT_EQ(stored.stage, triage::Stage::DONE) << m_notes;
    EXPECT_TRUE(triage::IsAlways(stored.record.verdict));
    EXPECT_EQ(stored.steps, 1U) << "the delay is not needed";
    EXPECT_GT(stored.cost.target_starts, 20U);
    const auto on_disk{triage::LoadSummary(stored.directory)};
    ASSERT_TRUE(on_disk);
    EXPECT_EQ(on_disk->occurrences, 8U);
}

TEST_F(CampaignTest, StopsFuzzingAtTheMaximumNumberOfStoredFindings)
{
    m_options.runs.reset();
    m_options.max_findings = 1;
    const auto result{Run(Finds("a"))};
    ASSERT_TRUE(result);
    EXPECT_EQ(result->findings.size(), 1U);
}

TEST_F(CampaignTest, ASecondCampaignInTheSameDirectoryCountsOn)
{
    ASSERT_TRUE(Run(Finds("a")));
    const auto result{Run(Finds("a"))};
    ASSERT_TRUE(result);
    ASSERT_EQ(result->findings.size(), 1U);
    EXPECT_EQ(result->findings[0].occurrences, 8U);
    EXPECT_EQ(result->findings[0].stored.occurrences, 16U);
}

TEST_F(CampaignTest, TellsTheSecondThatTheDirectoryIsInUse)
{
    const auto lock{triage::FileLock::TryTake(m_directory.Path("lock"))};
    ASSERT_TRUE(lock && *lock);
    const auto result{Run(Finds("a"))};
    ASSERT_FALSE(result);
    EXPECT_THAT(result.GetError().message, HasSubstr("another mpfuzz is using"));
}

TEST_F(CampaignTest, AnErrorOfAWorkerEndsTheCampaign)
{
    const auto result{Run([](WorkerContext& context) { context.Fail(base::Error{"no target"}); })};
    ASSERT_FALSE(result);
    EXPECT_EQ(result.GetError().message, "no target");
}

TEST_F(CampaignTest, ASignalEndsWorkersThatHangAndLosesNoFinding)
{
    m_options.runs.reset();
    m_on_progress = [this](const Progress& progress) {
        if (progress.findings > 0) m_signals = 1;
    };
    const auto begin{std::chrono::steady_clock::now()};
    const auto result{Run([](WorkerContext& context) {
        context.BeginProgram();
        const auto recorded{context.Recorder().RecordProgram({.identity = {observe::FindingKind::CRASH, "a"}},
                                                             [] { return triage::Witness{}; })};
        if (!recorded) context.Fail(recorded.GetError());
        for (;;) pause();
    })};
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->interrupted);
    EXPECT_EQ(result->findings.size(), 1U);
    // Not a measurement: without the kill it would never end.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{60});
}

TEST_F(CampaignTest, AFindingThatEndsItsTriageWorkerIsParked)
{
    const auto result{Run(Finds("a"), [](const triage::StoredFinding&) { raise(SIGKILL); })};
    ASSERT_TRUE(result);
    ASSERT_EQ(result->findings.size(), 1U);
    EXPECT_EQ(result->findings[0].stored.stage, triage::Stage::PARKED);
    EXPECT_EQ(result->findings[0].stored.lost_workers, 3U);
    EXPECT_THAT(m_notes, HasSubstr("does not go on with it"));
}

TEST_F(CampaignTest, TriageCanGoOnLater)
{
    m_options.triage_share = 0;
    m_options.triage_time = milliseconds{0};
    const auto fuzzed{Run(Finds("a"))};
    ASSERT_TRUE(fuzzed);
    EXPECT_EQ(fuzzed->progress.waiting, 1U);
    m_options.jobs = 0;
    m_options.triage_time.reset();
    const auto result{Run({})};
    ASSERT_TRUE(result);
    ASSERT_EQ(result->findings.size(), 1U);
    EXPECT_EQ(result->findings[0].stored.stage, triage::Stage::DONE);
    EXPECT_EQ(result->progress.waiting, 0U);
}

} // namespace
} // namespace mpfuzz::engine
