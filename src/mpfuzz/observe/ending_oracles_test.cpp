#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/observe/titles_of.h>

#include <mpfuzz/program/parse.h>
#include <mpfuzz/schema/load.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::observe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EndingOracles : public testing::Test
{
protected:
    EndingOracles()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/observe/testdata/calls.capnp"};
        m_schema = *schema::LoadFiles(files, {});
        m_program = *program::Parse(*m_schema, "c0 = connect\nroot = c0.bootstrap Root\n");
        m_trace.outcomes.resize(m_program.steps.size());
        m_trace.ending.usage = trace::UsageRecord{{5, 10, 1'000}, {6, 11, 2'000}, trace::Usage{5, 10, 2'000}};
    }

    std::vector<std::string> Kinds() const
    {
        std::vector<std::string> kinds;
        for (const Finding& finding : Judge(GetCase())) kinds.emplace_back(Name(finding.identity.kind));
        return kinds;
    }
    Case GetCase() const { return {*m_schema, m_program, m_trace, m_limits}; }
    trace::Ending& Ending() { return m_trace.ending; }

    std::shared_ptr<const schema::Schema> m_schema;
    Limits m_limits;
    program::Program m_program;
    trace::Trace m_trace;
};

TEST_F(EndingOracles, FindNothingIfTheTargetRunsAndResponds) { EXPECT_THAT(Kinds(), IsEmpty()); }

TEST_F(EndingOracles, AShutDownThatTheProgramAskedForIsNoCrash)
{
    Ending().alive = Ending().responsive = false;
    Ending().asked_to_shut_down = 15;
    Ending().status = 0;
    EXPECT_THAT(Kinds(), IsEmpty());
    Ending().status.reset();
    Ending().signal = 15;
    EXPECT_THAT(Kinds(), IsEmpty());
    // But an end by another signal, or with another status, is a crash.
    Ending().signal = 11;
    EXPECT_THAT(Kinds(), ElementsAre("crash"));
    Ending().signal.reset();
    Ending().status = 1;
    EXPECT_THAT(Kinds(), ElementsAre("crash"));
}

TEST_F(EndingOracles, ReportOnlyUnkillableIfTheTargetDoesNotShutDown)
{
    Ending().asked_to_shut_down = 15;
    Ending().past_shutdown_deadline = true;
    Ending().responsive = false;
    Ending().canary = trace::Canary::SLOW;
    EXPECT_THAT(Kinds(), ElementsAre("unkillable"));
    EXPECT_THAT(TitlesOf(JudgeUnkillable(GetCase())), ElementsAre("the target does not end after signal 15"));
}

TEST_F(EndingOracles, AFailureOfAnotherClientIsAFindingUnlessTheTargetDied)
{
    Ending().canary = trace::Canary::SLOW;
    EXPECT_THAT(TitlesOf(JudgeCanary(GetCase())), ElementsAre("another client has to wait"));
    Ending().canary = trace::Canary::LOST;
    EXPECT_THAT(TitlesOf(JudgeCanary(GetCase())), ElementsAre("another client loses its connection"));
    Ending().alive = false;
    EXPECT_THAT(Kinds(), ElementsAre("crash"));
}

TEST_F(EndingOracles, TheTitleOfAClosedConnectionHasItsReason)
{
    Ending().closed = {{0, "Invalid question ID 77 in Return message."},
                       {0, "Invalid question ID 8 in Return message."}};
    EXPECT_THAT(TitlesOf(JudgeProtocol(GetCase())),
                ElementsAre("the target closes a connection: Invalid question ID N in Return message."));
    Ending().closed = {{0, ""}};
    EXPECT_THAT(TitlesOf(JudgeProtocol(GetCase())), ElementsAre("the target closes a connection"));
}

TEST_F(EndingOracles, AServerThatClosesNewConnectionsIsNotCalledUnresponsive)
{
    Ending().responsive = false;
    EXPECT_THAT(Kinds(), ElementsAre("unresponsive"));
    Ending().closed = {{std::nullopt, "Peer disconnected."}};
    EXPECT_THAT(Kinds(), ElementsAre("protocol"));
}

TEST_F(EndingOracles, AServerThatWentAwayIsACrashWithoutACause)
{
    Ending().alive = Ending().responsive = false;
    Ending().closed = {{0, "Peer disconnected."}, {std::nullopt, ""}};
    EXPECT_THAT(Kinds(), ElementsAre("crash"));
    EXPECT_THAT(TitlesOf(JudgeCrash(GetCase())), ElementsAre("the server went away"));
}

TEST_F(EndingOracles, ResourcesAreComparedWithTheBaseline)
{
    Ending().usage->after = trace::Usage{5 + m_limits.left_threads, 10, 1'000};
    EXPECT_THAT(Kinds(), IsEmpty()) << "at the limit";
    ++Ending().usage->after->threads;
    EXPECT_THAT(TitlesOf(JudgeResources(GetCase())), ElementsAre("threads stay behind"));
    Ending().usage->after =
        trace::Usage{5, 11 + m_limits.left_descriptors, 1'001 + (uint64_t{m_limits.left_memory_mb} << 10)};
    EXPECT_THAT(TitlesOf(JudgeResources(GetCase())), ElementsAre("descriptors stay behind", "memory stays behind"));
    Ending().usage->sanitizer_kib = 1;
    EXPECT_THAT(TitlesOf(JudgeResources(GetCase())), ElementsAre("descriptors stay behind"));
    Ending().usage->after.reset();
    EXPECT_THAT(TitlesOf(JudgeResources(GetCase())), IsEmpty()) << "the target may still be at work";
    Ending().usage->after = Ending().usage->baseline;
    Ending().usage->peak.threads = m_limits.peak_threads + 1;
    EXPECT_THAT(TitlesOf(JudgeResources(GetCase())), ElementsAre("threads without limit"));
    Ending().usage.reset();
    EXPECT_THAT(Kinds(), IsEmpty()) << "we know nothing about a process that we did not start";
}

} // namespace
} // namespace mpfuzz::observe
