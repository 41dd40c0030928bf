#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/observe/titles_of.h>

#include <mpfuzz/program/parse.h>
#include <mpfuzz/schema/load.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace mpfuzz::observe {
namespace {

using program::StepIndex;
using testing::ElementsAre;
using testing::IsEmpty;
using trace::Status;

class Oracle : public testing::Test
{
protected:
    Oracle()
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/observe/testdata/calls.capnp"};
        auto schema{schema::LoadFiles(files, {})};
        if (!schema) throw std::runtime_error{schema.GetError().message};
        m_schema = *schema;
        m_limits.may_block = m_schema->MatchMethods("*.waitNext");
    }

    //! Sets the program, and a trace in which every step was answered.
    void Run(std::string_view text)
    {
        auto program{program::Parse(*m_schema, text)};
        ASSERT_TRUE(program) << program.GetError().message;
        m_program = *program;
        m_trace = {};
        m_trace.outcomes.resize(m_program.steps.size());
        for (trace::Outcome& outcome : m_trace.outcomes) outcome.status = Status::ANSWERED;
    }

    void Unanswered(StepIndex step, bool awaited = false)
    {
        m_trace.outcomes.at(step).status = Status::UNANSWERED;
        m_trace.outcomes.at(step).awaited = awaited;
    }

    Case GetCase() const { return {*m_schema, m_program, m_trace, m_limits}; }
    std::vector<std::string> NoReply() const { return TitlesOf(JudgeNoReply(GetCase())); }

    std::shared_ptr<const schema::Schema> m_schema;
    Limits m_limits;
    program::Program m_program;
    trace::Trace m_trace;
};

using Judging = Oracle;
using Crash = Oracle;
using Unresponsive = Oracle;
using NoReplyOracle = Oracle;

// Steps 0 to 5.
constexpr std::string_view WORK{R"(c0 = connect
root = c0.bootstrap Root
w = root.makeWorker(name = "a")
next = w.worker.waitNext()
work = w.worker.work(amount = 1)
number = root.count()
)"};

TEST_F(Judging, FindsNothingIfEveryStepWasAnswered)
{
    Run(WORK);
    EXPECT_THAT(Judge(GetCase()), IsEmpty());
}

TEST_F(Judging, FindsNothingInExceptionsCancelledCallsAndCallsThatWereNotSent)
{
    Run(WORK);
    for (const Status status : {Status::EXCEPTION, Status::CANCELLED, Status::LOCAL, Status::SKIPPED, Status::DONE}) {
        for (trace::Outcome& outcome : m_trace.outcomes) outcome.status = status;
        EXPECT_THAT(Judge(GetCase()), IsEmpty()) << trace::Name(status);
    }
}

TEST_F(Judging, ReturnsKindTitleProgramAndTrace)
{
    Run(WORK);
    m_trace.ending = {.alive = false, .responsive = false, .signal = 11, .status = {}, .log_tail = {}, .stacks = {}};
    const auto findings{Judge(GetCase())};
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].identity.kind, FindingKind::CRASH);
    EXPECT_EQ(findings[0].identity.title, "SIGSEGV");
    EXPECT_EQ(findings[0].program, m_program);
    EXPECT_EQ(findings[0].trace.ending.signal, 11);
}

TEST_F(Judging, ReportsNoCallThatIsUnansweredBecauseOfACrash)
{
    Run(WORK);
    Unanswered(4, /*awaited=*/true);
    m_trace.ending.alive = false;
    m_trace.ending.responsive = false;
    const auto findings{Judge(GetCase())};
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].identity.kind, FindingKind::CRASH);
}

TEST_F(Judging, UsesOracleNamesThatCanBePartOfADirectoryName)
{
    std::set<std::string_view> names;
    for (const auto& oracle : Oracles()) {
        EXPECT_TRUE(names.insert(oracle.name).second);
        EXPECT_EQ(oracle.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << oracle.name;
        EXPECT_FALSE(oracle.notices.empty());
    }
}

TEST_F(Crash, IsReportedForAnExitWithStatusZero)
{
    Run(WORK);
    m_trace.ending = {.alive = false, .responsive = false, .signal = {}, .status = 0, .log_tail = {}, .stacks = {}};
    EXPECT_THAT(TitlesOf(JudgeCrash(GetCase())), ElementsAre("exited with status 0"));
}

TEST_F(Unresponsive, IsReportedOnceWithoutTheCallsThatHangBecauseOfIt)
{
    Run(WORK);
    Unanswered(4, /*awaited=*/true);
    m_trace.ending.responsive = false;
    const auto findings{Judge(GetCase())};
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].identity.kind, FindingKind::UNRESPONSIVE);
}

TEST_F(NoReplyOracle, NamesTheAwaitedMethod)
{
    Run(WORK);
    Unanswered(4, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Worker.work"));
}

TEST_F(NoReplyOracle, DetailsTellHowLongTheCallWaited)
{
    Run(WORK);
    Unanswered(4, /*awaited=*/true);
    m_trace.outcomes[4].sent_ns = 12'000'000;
    m_trace.duration_ns = 5'012'500'000;
    const auto problems{JudgeNoReply(GetCase())};
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].details, "step 4, work0: sent at 12.000 ms, no answer for 5000.500 ms");
}

TEST_F(NoReplyOracle, NamesTheBootstrap)
{
    Run(WORK);
    Unanswered(1, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from bootstrap"));
}

TEST_F(NoReplyOracle, IsSilentBeforeTheDeadline)
{
    Run(WORK);
    Unanswered(4, /*awaited=*/false);
    EXPECT_THAT(NoReply(), IsEmpty());
}

TEST_F(NoReplyOracle, ReportsTheFirstOfSeveralUnansweredCalls)
{
    Run(WORK);
    Unanswered(4);
    Unanswered(5, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Root.count"));
    Unanswered(4, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Worker.work"));
}

TEST_F(NoReplyOracle, ReportsTheCallOnWhichTheOthersDepend)
{
    Run(WORK);
    Unanswered(2); // is not awaited itself, but a call that is pipelined on it is
    Unanswered(4, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Root.makeWorker"));
}

TEST_F(NoReplyOracle, ReportsNothingWhileACallThatMayBlockIsOutstandingOnThatConnection)
{
    Run(WORK);
    Unanswered(3);
    Unanswered(4, /*awaited=*/true);
    EXPECT_THAT(NoReply(), IsEmpty());
    m_trace.outcomes[3].status = Status::CANCELLED;
    EXPECT_THAT(NoReply(), IsEmpty()) << "cancelling a call may not free the thread";
    m_trace.outcomes[3].status = Status::ANSWERED;
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Worker.work"));
}

TEST_F(NoReplyOracle, IsSilentAboutTheCallThatMayBlockItself)
{
    Run(WORK);
    Unanswered(3, /*awaited=*/true);
    EXPECT_THAT(NoReply(), IsEmpty());
}

// Steps 0 to 7. The call on the second connection uses a worker of the first connection.
constexpr std::string_view TWO_CONNECTIONS{R"(c0 = connect
root = c0.bootstrap Root
c1 = connect
other = c1.bootstrap Root
w = root.makeWorker()
next = w.worker.waitNext()
v = other.makeWorker()
work = v.worker.work(helper = next.next)
)"};

TEST_F(NoReplyOracle, ReportsACallEvenIfACallOnAnotherConnectionBlocks)
{
    Run(TWO_CONNECTIONS);
    Unanswered(5);
    Unanswered(6, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Root.makeWorker"));
}

TEST_F(NoReplyOracle, IsSilentIfTheCallWaitsForACapabilityOfAnotherConnection)
{
    Run(TWO_CONNECTIONS);
    Unanswered(5);
    Unanswered(7, /*awaited=*/true);
    EXPECT_THAT(NoReply(), IsEmpty());
}

TEST_F(NoReplyOracle, ReportsTheFirstCallOfEachConnection)
{
    Run(TWO_CONNECTIONS);
    Unanswered(4, /*awaited=*/true);
    Unanswered(6, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Root.makeWorker"));
    Unanswered(3, /*awaited=*/true);
    EXPECT_THAT(NoReply(), ElementsAre("no reply from Root.makeWorker", "no reply from bootstrap"));
}

TEST_F(NoReplyOracle, IsSilentIfTheTargetWaitsForOurAnswer)
{
    const std::map<std::string_view, bool> excuses{{"tell: never", true},
                                                   {"tell: later 9 ()", true},
                                                   {"tell: return ()", false},
                                                   {R"(tell: throw failed "no")", false}};
    for (const auto& [reaction, excused] : excuses) {
        for (const bool inside : {true, false}) {
            const std::string object{"serve Callback { " + std::string{reaction} + " }"};
            Run("c0 = connect\nroot = c0.bootstrap Root\n" +
                (inside ? "count = root.count()\nwatch = root.watch(callback = " + object + ")\n"
                        : "callback = " + object + "\nwatch = root.watch(callback = callback)\n"));
            Unanswered(3, /*awaited=*/true);
            EXPECT_THAT(NoReply(), ElementsAre("no reply from Root.watch")) << "the target has not called our object";
            m_trace.served.push_back({.step = 3, .method = m_schema->MatchMethods("Callback.tell").at(0), .at_ns = 0});
            EXPECT_EQ(NoReply().empty(), excused) << object;
        }
    }
}

TEST_F(NoReplyOracle, IsSilentAfterRawBytes)
{
    Run(std::string{WORK} + "c0.bytes \"\\x00\"\n");
    Unanswered(4, /*awaited=*/true);
    EXPECT_THAT(NoReply(), IsEmpty());
}

} // namespace
} // namespace mpfuzz::observe
