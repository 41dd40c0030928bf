#include <mpfuzz/triage/investigate.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/triage/minimize_fixture.h>

#include <functional>

namespace mpfuzz::triage {
namespace {

const Identity CRASH{observe::FindingKind::CRASH, "SIGSEGV"};

const std::string HEAD{"c0 = connect\ninit0 = c0.bootstrap Init\n"};
const std::string MINING{HEAD + "makeMining0 = init0.makeMining()\n"};
const std::string LAB{HEAD + "makeLab0 = init0.makeLab()\nawait all\n"};

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

//! A stored finding, and a fake target that crashes if the program's text fulfils a condition.
class InvestigateTest : public PassTest
{
protected:
    void Store(const Witness& witness)
    {
        Record record;
        record.identity = CRASH;
        record.program = witness.program;
        const auto saved{Save(m_directory.Path(), record, &witness)};
        ASSERT_TRUE(saved);
        m_stored = saved->directory;
    }

    //! Do a piece of work, and return the finding afterwards.
    StoredFinding Investigated(std::function<bool(const std::string&)> crashes)
    {
        const auto finding{Load(m_stored)};
        EXPECT_TRUE(finding);
        const TryRun run{[&](const program::Program& program) -> base::Result<std::vector<observe::Finding>> {
            if (m_broken) return base::Error{"the target cannot be started"};
            std::vector<observe::Finding> findings;
            if (crashes(Text(program))) {
                findings.push_back({.identity = CRASH,
                                    .details = "details",
                                    .program = program,
                                    .trace = {.outcomes = std::vector<trace::Outcome>(program.steps.size())}});
            }
            return findings;
        }};
        const auto done{Investigate(*m_schema, *finding, run,
                                    {.replays = 4,
                                     .search_time = std::chrono::minutes{1},
                                     .max_search_time = std::chrono::minutes{4},
                                     .minimize_time = std::chrono::minutes{1},
                                     .stop = [this] { return m_stop; },
                                     .cost_of_piece =
                                         [this] {
                                             return TriageCost{3, m_seconds};
                                         }})};
        m_error = done ? "" : done.GetError().message;
        const auto after{Load(m_stored)};
        EXPECT_TRUE(after);
        return *after;
    }

    const base::TemporaryDirectory m_directory;
    std::string m_stored;
    std::string m_error;
    bool m_stop{false};
    bool m_broken{false};
    double m_seconds{0.5}; //!< cost of a piece
};

TEST_F(InvestigateTest, AFindingThatAlwaysAppearsIsReplayedAndMinimised)
{
    Store({.program = LAB});
    const auto crashes{[](const std::string& text) { return Contains(text, "makeLab"); }};
    const StoredFinding replayed{Investigated(crashes)};
    EXPECT_EQ(replayed.stage, Stage::MINIMIZE);
    EXPECT_EQ(replayed.record.verdict, (Verdict{4, 4}));
    const StoredFinding minimized{Investigated(crashes)};
    EXPECT_EQ(minimized.stage, Stage::DONE);
    EXPECT_EQ(minimized.record.minimal, HEAD + "makeLab0 = init0.makeLab()\n");
    EXPECT_EQ(minimized.record.details, "details");
    EXPECT_TRUE(Contains(minimized.record.trace, "makeLab0")) << minimized.record.trace;
    EXPECT_FALSE(Contains(minimized.record.trace, "await")) << "the trace is the minimal program's";
    EXPECT_EQ(minimized.cost.target_starts, 6U);
    EXPECT_EQ(minimized.cost.seconds, 1.0);
    const auto witness{LoadWitness(m_stored)};
    ASSERT_TRUE(witness);
    EXPECT_FALSE(*witness) << "the evidence is not needed any more";
}

TEST_F(InvestigateTest, AFindingThatNeedsEarlierProgramsIsSearchedInTheHistory)
{
    Store({.program = LAB, .history = {MINING, LAB}});
    const auto crashes{
        [](const std::string& text) { return Contains(text, "makeMining") && Contains(text, "makeLab"); }};
    EXPECT_EQ(Investigated(crashes).stage, Stage::SEARCH);
    const StoredFinding found{Investigated(crashes)};
    EXPECT_EQ(found.stage, Stage::MINIMIZE);
    EXPECT_EQ(found.record.verdict, (Verdict{4, 4}));
    EXPECT_TRUE(found.record.minimal && crashes(*found.record.minimal));
}

TEST_F(InvestigateTest, AFindingThatNeverComesBackIsDoneAndKeepsItsWitness)
{
    Store({.program = LAB});
    const auto never{[](const std::string&) { return false; }};
    EXPECT_EQ(Investigated(never).stage, Stage::SEARCH);
    const StoredFinding done{Investigated(never)};
    EXPECT_EQ(done.stage, Stage::DONE);
    EXPECT_EQ(Describe(done.record.verdict), "once");
    EXPECT_EQ(done.record.minimal, std::nullopt);
    const auto witness{LoadWitness(m_stored)};
    ASSERT_TRUE(witness);
    EXPECT_TRUE(*witness);
}

TEST_F(InvestigateTest, ASearchThatTakesTooLongBeginsAgainLaterWithMoreTime)
{
    Store({.program = LAB, .history = {MINING, LAB}});
    int runs{0};
    const auto crashes{[&](const std::string& text) {
        ++runs;
        return Contains(text, "makeMining") && Contains(text, "makeLab");
    }};
    EXPECT_EQ(Investigated(crashes).stage, Stage::SEARCH);
    m_seconds = 90;
    runs = 0;
    EXPECT_EQ(Investigated(crashes).stage, Stage::SEARCH) << "the limit is one minute";
    EXPECT_EQ(runs, 4) << "the first program is always replayed";
    EXPECT_EQ(Investigated(crashes).stage, Stage::MINIMIZE) << "the limit is the time that was spent";
}

TEST_F(InvestigateTest, ASearchThatTakesMuchTooLongEnds)
{
    Store({.program = LAB});
    m_seconds = 1'000;
    const auto never{[](const std::string&) { return false; }};
    EXPECT_EQ(Investigated(never).stage, Stage::SEARCH);
    EXPECT_EQ(Investigated(never).stage, Stage::DONE);
}

TEST_F(InvestigateTest, AStopLeavesTheFindingInItsStage)
{
    Store({.program = LAB});
    m_stop = true;
    const StoredFinding stopped{Investigated([](const std::string&) { return true; })};
    EXPECT_EQ(stopped.stage, Stage::REPLAY);
    EXPECT_EQ(stopped.record.verdict.tries, 0) << "one replay of four says too little";
}

TEST_F(InvestigateTest, ATargetThatCannotBeStartedIsAnErrorAndNoVerdict)
{
    Store({.program = LAB});
    m_broken = true;
    const StoredFinding after{Investigated([](const std::string&) { return true; })};
    EXPECT_EQ(m_error, "the target cannot be started");
    EXPECT_EQ(after.stage, Stage::REPLAY);
    EXPECT_EQ(after.record.verdict.tries, 0);
}

} // namespace
} // namespace mpfuzz::triage
