// Tests of served objects that the server calls, and of clients that misbehave. The server is testing/tower_server.
#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/program/testing/must_parse.h>
#include <mpfuzz/schema/load.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::execute {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using trace::Status;

class TowerTest : public testing::Test
{
protected:
    explicit TowerTest(std::vector<std::string> extra = {})
    {
        const std::vector<std::string> files{MPFUZZ_SOURCE_DIR "/src/mpfuzz/execute/testing/tower.capnp"};
        m_schema = *schema::LoadFiles(files, std::vector<std::string>{"/usr/include"});
        m_file.spawn.emplace();
        m_file.spawn->command = {MPFUZZ_BIN_DIR "/tower_server", "{socket}"};
        m_target = MakeSpawnedTarget(m_file, std::move(extra), m_directory.Path(), m_janitor);
        // Long enough for a sanitizer build on a busy machine. No test measures these times.
        m_rules.reply = std::chrono::milliseconds{20'000};
        m_rules.canary = std::chrono::milliseconds{20'000};
        m_rules.signals = {program::Signal::Kind::TERM};
    }

    trace::Trace Run(const std::string& steps)
    {
        if (!m_executor) m_executor = std::make_unique<Executor>(*m_schema, *m_target, m_rules);
        auto trace{
            m_executor->Run(program::MustParse(*m_schema, "c0 = connect\ntower = c0.bootstrap Tower\n" + steps))};
        CHECK(trace, trace ? "" : trace.GetError().message);
        return *trace;
    }

    //! The answer of ring() if the bell has this reaction: its text or its error.
    std::string Toll(const std::string& reaction)
    {
        m_trace = Run("ring = tower.ring(text = \"hello\", bell = serve Bell { toll: " + reaction +
                      " })\ncount = tower.count()\n");
        const trace::Outcome& outcome{m_trace.outcomes[RING]};
        EXPECT_EQ(outcome.status, Status::ANSWERED) << outcome.message;
        if (!outcome.answer) return "no answer";
        for (const program::FieldValue& field : outcome.answer->fields) {
            if (const auto* blob{field.value.As<program::Blob>()}; blob && !blob->bytes.empty()) return blob->bytes;
        }
        return "";
    }

    static constexpr size_t RING{2};

    base::TemporaryDirectory m_directory;
    Janitor m_janitor;
    TargetFile m_file;
    std::shared_ptr<const schema::Schema> m_schema;
    std::unique_ptr<Target> m_target;
    program::TargetRules m_rules;
    std::unique_ptr<Executor> m_executor;
    trace::Trace m_trace;
};

TEST_F(TowerTest, ServedObjectsReturnEchoAndThrow)
{
    EXPECT_EQ(Toll("return (text = \"ding\")"), "ding");
    EXPECT_EQ(Toll("echo ()"), "hello");
    EXPECT_EQ(Toll("echo (text = \"louder\")"), "louder");
    EXPECT_THAT(Toll("throw overloaded \"too much\""), AllOf(StartsWith("overloaded: "), HasSubstr("too much")));
    EXPECT_THAT(Toll("throw unimplemented \"no\""), StartsWith("unimplemented: "));
}

TEST_F(TowerTest, RecordsTheTargetsCallsWithTheirArguments)
{
    Toll("return ()");
    ASSERT_EQ(m_trace.served.size(), 1U);
    EXPECT_EQ(m_trace.served[0].step, RING);
    EXPECT_EQ(m_schema->MethodName(m_trace.served[0].method), "Bell.toll");
    EXPECT_EQ(m_trace.served[0].arguments.Find(1)->As<program::Blob>()->bytes, "hello");
    EXPECT_TRUE(m_trace.served[0].arguments.Find(0)->As<program::SeenCapability>());
}

TEST_F(TowerTest, ACallbackIsMadeBeforeTheAnswerIsSent)
{
    EXPECT_EQ(Toll("call tower Tower.count then (text = \"after that\")"), "after that");
    // ring() was the first call, and the count in the callback was the second or third.
    EXPECT_EQ(m_trace.outcomes[RING + 1].status, Status::ANSWERED);
    const auto again{Run("serve Bell\ncount0 = tower.count()\n")};
    EXPECT_EQ(again.outcomes[RING + 1].status, Status::ANSWERED);
}

TEST_F(TowerTest, ACallbackThatCallsTheServerAgainEnds)
{
    // Each toll calls ring() with the bell that it was passed, which is null: one exception, no endless loop.
    EXPECT_EQ(Toll("call tower Tower.ring then (text = \"done\")"), "done");
}

TEST_F(TowerTest, AnswersLaterAtItsStepOrAtTheEnd)
{
    const auto trace{Run("ring0 = tower.ring(bell = serve Bell { toll: later 4 (text = \"late\") })\n"
                         "await ring0\ncount0 = tower.count()\nawait ring0\n"
                         "ring1 = tower.ring(bell = serve Bell { toll: later 1000 () })\n")};
    EXPECT_EQ(trace.outcomes[2].status, Status::ANSWERED);
    EXPECT_GE(trace.outcomes[2].ended_ns, trace.outcomes[4].sent_ns) << "not before its step";
    EXPECT_EQ(trace.outcomes[6].status, Status::ANSWERED) << "at the program's end";
    EXPECT_FALSE(trace.outcomes[2].awaited);
}

TEST_F(TowerTest, AnObjectThatNeverAnswersDelaysNoOtherCall)
{
    // The default is too short for an answer on a busy machine.
    m_rules.blocked = std::chrono::milliseconds{1'000};
    const auto trace{
        Run("ring0 = tower.ring(bell = serve Bell { toll: never })\nawait ring0\ncount0 = tower.count()\n")};
    EXPECT_EQ(trace.outcomes[2].status, Status::UNANSWERED);
    EXPECT_FALSE(trace.outcomes[2].awaited) << "we did not answer the target";
    EXPECT_EQ(trace.outcomes[4].status, Status::ANSWERED);
}

TEST_F(TowerTest, DisconnectsInsteadOfAnswering)
{
    const auto trace{Run("s0 = serve Bell { toll: disconnect }\nring0 = tower.ring(bell = s0)\nawait ring0\n"
                         "count0 = tower.count()\n")};
    EXPECT_EQ(trace.outcomes[3].exception, trace::ExceptionKind::DISCONNECTED) << trace.outcomes[3].message;
    EXPECT_NE(trace.outcomes[5].status, Status::ANSWERED);
    EXPECT_TRUE(trace.ending.alive && trace.ending.responsive);
    EXPECT_TRUE(trace.ending.closed.empty()) << "we closed the connection";
}

TEST_F(TowerTest, SurvivesEveryWayToDisconnect)
{
    for (const char* how : {"half", "torn", "abrupt", "clean"}) {
        const auto trace{
            Run("count0 = tower.count()\ndisconnect c0 " + std::string{how} + "\ncount1 = tower.count()\n")};
        EXPECT_NE(trace.outcomes[4].status, Status::ANSWERED) << how;
        EXPECT_TRUE(trace.ending.alive && trace.ending.responsive) << how;
        EXPECT_TRUE(trace.ending.closed.empty()) << how;
        EXPECT_EQ(trace.ending.canary, trace::Canary::WELL) << how;
    }
}

TEST_F(TowerTest, SendsAHandMadeMessage)
{
    // A Finish for a question that was not asked: the server has to abort the connection.
    const auto trace{
        Run("count0 = tower.count()\nawait count0\n"
            "c0.message (finish = (questionId = 12345, releaseResultCaps = true))\ncount1 = tower.count()\n")};
    EXPECT_EQ(trace.outcomes[2].status, Status::ANSWERED);
    EXPECT_EQ(trace.outcomes[5].status, Status::EXCEPTION) << "the connection was aborted";
    EXPECT_TRUE(trace.ending.alive && trace.ending.responsive);
    EXPECT_TRUE(trace.ending.closed.empty()) << "the server had a reason to close it";
}

TEST_F(TowerTest, SendsRawBytes)
{
    const auto trace{Run("c0.bytes 0x\"ffffffff\"\ncount0 = tower.count()\n")};
    EXPECT_NE(trace.outcomes[3].status, Status::ANSWERED);
    EXPECT_TRUE(trace.ending.alive && trace.ending.responsive);
}

TEST_F(TowerTest, RecordsThatTheTargetShutsDownWhenAsked)
{
    const auto trace{
        Run("ring0 = tower.ring(bell = serve Bell { toll: never })\nsignal TERM\ncount0 = tower.count()\n")};
    EXPECT_EQ(trace.ending.asked_to_shut_down, SIGTERM);
    EXPECT_FALSE(trace.ending.alive);
    EXPECT_FALSE(trace.ending.past_shutdown_deadline);
    EXPECT_EQ(trace.ending.signal, SIGTERM);
    EXPECT_EQ(trace.outcomes[4].status, Status::SKIPPED);
    EXPECT_TRUE(Run("count0 = tower.count()\n").ending.alive) << "the next program gets a new process";
}

TEST_F(TowerTest, RecordsTheDescriptorsThatAProcessLeaks)
{
    m_rules.left_descriptors = 10;
    const auto trace{Run("leak0 = tower.leak(descriptors = 20)\nawait leak0\ndisconnect c0 abrupt\n")};
    ASSERT_TRUE(trace.ending.usage);
    EXPECT_GE(trace.ending.usage->peak.descriptors, trace.ending.usage->baseline.descriptors + 20);
    m_executor->SetQuiesce(true);
    const auto next{Run("count0 = tower.count()\n")};
    EXPECT_GE(next.ending.usage->after.value().descriptors, trace.ending.usage->baseline.descriptors + 20);
}

TEST_F(TowerTest, NoticesThatTheCanaryHasToWait)
{
    m_rules.canary = std::chrono::milliseconds{1};
    // The server blocks longer than the canary's deadline and grace period together, and already blocks when the
    // canary asks.
    EXPECT_EQ(Run("block0 = tower.block(ms = 3000)\ndelay 200ms\n").ending.canary, trace::Canary::SLOW);
}

class TowerThatIgnoresSigtermTest : public TowerTest
{
protected:
    TowerThatIgnoresSigtermTest() : TowerTest{{"--ignore-term"}} {}
};

TEST_F(TowerThatIgnoresSigtermTest, IsPastItsShutdownDeadlineIfItIgnoresTheSignal)
{
    m_rules.end = std::chrono::milliseconds{100};
    const auto trace{Run("signal TERM\n")};
    EXPECT_TRUE(trace.ending.alive);
    EXPECT_TRUE(trace.ending.past_shutdown_deadline);
}

} // namespace
} // namespace mpfuzz::execute
