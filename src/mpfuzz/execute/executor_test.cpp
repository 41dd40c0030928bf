#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/execute/testing/model_node_schema.h>
#include <mpfuzz/program/testing/must_parse.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

namespace mpfuzz::execute {
namespace {

using testing::HasSubstr;
using trace::Status;

program::TargetRules ShortRules()
{
    program::TargetRules rules;
    // Long enough for a sanitizer build on a busy machine. No test measures this time.
    rules.reply = std::chrono::milliseconds{20'000};
    for (const char* name : {"Mining.waitTipChanged", "BlockTemplate.waitNext"}) {
        for (const auto ref : ModelNodeSchema()->MatchMethods(name)) rules.may_block.push_back(ref);
    }
    return rules;
}

//! Runs programs on a model node.
class ExecutorTest : public testing::Test
{
protected:
    explicit ExecutorTest(std::vector<std::string> extra = {})
        : m_target{Start(std::move(extra))}, m_executor{*ModelNodeSchema(), *m_target, ShortRules()}
    {
    }

    std::unique_ptr<Target> Start(std::vector<std::string> extra)
    {
        m_file.spawn.emplace();
        m_file.spawn->command = {MPFUZZ_BIN_DIR "/model_node", "--socket", "{socket}"};
        return MakeSpawnedTarget(m_file, std::move(extra), m_directory.Path(), m_janitor);
    }

    trace::Trace Run(std::string_view steps, bool await_each = false)
    {
        auto trace{m_executor.Run(program::MustParse(*ModelNodeSchema(), PREAMBLE + std::string{steps}), await_each)};
        EXPECT_TRUE(trace) << trace.GetError().message;
        return *trace;
    }

    //! Index of the first step after PREAMBLE.
    static constexpr size_t FIRST{5};
    static constexpr const char* PREAMBLE{R"(
        c0 = connect
        init = c0.bootstrap Init
        made = init.construct(threadMap = serve ThreadMap { makeThread: return (result = serve Thread) })
        t = made.threadMap.makeThread(name = "a")
        mining = init.makeMining(context = (thread = t.result))
    )"};

    base::TemporaryDirectory m_directory;
    Janitor m_janitor;
    TargetFile m_file;
    std::unique_ptr<Target> m_target;
    Executor m_executor;
};

TEST_F(ExecutorTest, PipelinesThroughUnansweredCalls)
{
    const auto trace{Run("tip = mining.result.getTip(context = (thread = t.result))")};
    for (size_t i{1}; i <= FIRST; ++i) EXPECT_EQ(trace.outcomes[i].status, Status::ANSWERED) << i;
    ASSERT_TRUE(trace.outcomes[FIRST].answer);
    // All were sent before any was answered.
    EXPECT_LT(trace.outcomes[FIRST].sent_ns, trace.outcomes[1].ended_ns);
    EXPECT_TRUE(trace.ending.alive && trace.ending.responsive && trace.ending.main_interface_seen);
}

TEST_F(ExecutorTest, AwaitsEachCallIfAskedTo)
{
    const auto trace{Run("tip = mining.result.getTip(context = (thread = t.result))", /*await_each=*/true)};
    EXPECT_EQ(trace.outcomes[FIRST].status, Status::ANSWERED);
    EXPECT_GE(trace.outcomes[FIRST].sent_ns, trace.outcomes[FIRST - 1].ended_ns);
}

TEST_F(ExecutorTest, SendsDataFromAnEarlierAnswer)
{
    const auto trace{Run(R"(
        block = mining.result.createNewBlock(context = (thread = t.result), cooldown = false)
        header = block.result.getBlockHeader(context = (thread = t.result))
        bytes = block.result.getBlock(context = (thread = t.result))
        whole = mining.result.checkBlock(context = (thread = t.result), block = $bytes.result, options = (checkPow = false))
        cut = mining.result.checkBlock(context = (thread = t.result), block = $bytes.result|cut(79), options = (checkPow = false))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 3].status, Status::ANSWERED) << trace.outcomes[FIRST + 3].message;
    EXPECT_EQ(trace.outcomes[FIRST + 4].status, Status::EXCEPTION);
}

TEST_F(ExecutorTest, TurnsErrorAnswersIntoData)
{
    const auto trace{Run(R"(
        absent = mining.result.getTip()
        foreign = mining.result.getTip(context = (thread = serve Thread))
        wrong = (t.result as Mining).getTip()
    )")};
    EXPECT_EQ(trace.outcomes[FIRST].status, Status::EXCEPTION);
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::EXCEPTION);
    EXPECT_EQ(trace.outcomes[FIRST + 2].exception, trace::ExceptionKind::UNIMPLEMENTED);
    EXPECT_TRUE(trace.ending.alive);
}

TEST_F(ExecutorTest, DoesNotUseADroppedCapability)
{
    const auto trace{Run(R"(
        drop mining.result
        tip = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::LOCAL);
}

TEST_F(ExecutorTest, KeepsTheCapabilitiesOfADroppedAnswerThatLaterStepsNeed)
{
    const auto trace{Run(R"(
        drop init
        tip = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::ANSWERED);
}

TEST_F(ExecutorTest, DoesNotExpectAnAnswerToACallBehindABlockedOne)
{
    const auto trace{Run(R"(
        tip = mining.result.getTip(context = (thread = t.result))
        wait = mining.result.waitTipChanged(context = (thread = t.result), currentTip = $tip.result.hash, timeout = 1000000)
        behind = mining.result.getTip(context = (thread = t.result))
        await behind
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 2].status, Status::UNANSWERED);
    EXPECT_FALSE(trace.outcomes[FIRST + 2].awaited);
    EXPECT_TRUE(trace.ending.responsive);
}

TEST_F(ExecutorTest, CancelsACallThatIsWaiting)
{
    const auto trace{Run(R"(
        tip = mining.result.getTip(context = (thread = t.result))
        wait = mining.result.waitTipChanged(context = (thread = t.result), currentTip = $tip.result.hash, timeout = 1000000)
        cancel wait
        behind = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 1].status, Status::CANCELLED);
    EXPECT_EQ(trace.outcomes[FIRST + 3].status, Status::ANSWERED);
}

TEST_F(ExecutorTest, PassesObjectsFromOneConnectionToAnother)
{
    const auto trace{Run(R"(
        c1 = connect
        other = c1.bootstrap Init
        others = other.construct(threadMap = made.threadMap)
        thread = others.threadMap.makeThread(name = "b")
        echo = other.makeEcho(context = (thread = thread.result))
        said = echo.result.echo(context = (thread = thread.result), echo = "hello")
        disconnect c0 abrupt
        again = echo.result.echo(context = (thread = thread.result), echo = "still there")
        gone = mining.result.getTip(context = (thread = t.result))
    )")};
    EXPECT_EQ(trace.outcomes[FIRST + 5].status, Status::ANSWERED) << trace.outcomes[FIRST + 5].message;
    EXPECT_EQ(trace.outcomes[FIRST + 7].status, Status::ANSWERED) << trace.outcomes[FIRST + 7].message;
    EXPECT_EQ(trace.outcomes[FIRST + 8].status, Status::LOCAL);
}

TEST_F(ExecutorTest, RefusesASignalThatTheTargetFileDoesNotAllow)
{
    EXPECT_FALSE(m_executor.Supports(program::MustParse(*ModelNodeSchema(), "signal TERM")));
    EXPECT_TRUE(m_executor.Supports(program::MustParse(*ModelNodeSchema(), PREAMBLE)));
}

//! Runs programs on a model node with a planted bug that aborts the process.
class CrashingTargetTest : public ExecutorTest
{
protected:
    CrashingTargetTest() : ExecutorTest{{"--bug", "option-range"}} {}
};

TEST_F(CrashingTargetTest, RecordsTheSignalAndTheLogTail)
{
    const auto trace{
        Run("b = mining.result.createNewBlock(context = (thread = t.result), options = (blockReservedWeight = 0))")};
    EXPECT_FALSE(trace.ending.alive);
    EXPECT_EQ(trace.ending.signal, SIGABRT);
    EXPECT_THAT(trace.ending.log_tail, HasSubstr("Assertion"));
    // The next program gets a new process.
    ASSERT_TRUE(m_executor.Restart());
    EXPECT_TRUE(Run("").ending.alive);
}

} // namespace
} // namespace mpfuzz::execute
