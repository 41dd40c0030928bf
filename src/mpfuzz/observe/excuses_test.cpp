#include <mpfuzz/observe/excuses.h>
#include <mpfuzz/observe/shelf_fixture.h>

namespace mpfuzz::observe {
namespace {

class ProvokedDisconnectTest : public ShelfTest
{
protected:
    //! Runs a program in which the call in step 4 is the first on the second connection, and fails.
    void RunFailing(const std::string& rest)
    {
        Run("c0 = connect\na = c0.bootstrap Shelf\nc1 = connect\nb = c1.bootstrap Shelf\nn = b.count()\n" + rest);
        for (trace::Outcome& outcome : m_trace.outcomes) outcome.status = Status::DONE;
        trace::Outcome& call{m_trace.outcomes[CALL]};
        call.status = Status::EXCEPTION;
        call.exception = trace::ExceptionKind::DISCONNECTED;
        call.ended_ns = 1'000; // after all steps
    }
    bool Provoked() const { return ProvokedDisconnect(m_program, m_trace, CALL); }

    static constexpr program::StepIndex CALL{4};
};

TEST_F(ProvokedDisconnectTest, NeedsAReason)
{
    RunFailing("");
    EXPECT_FALSE(Provoked());
    m_trace.ending.asked_to_shut_down = 15;
    EXPECT_TRUE(Provoked());
}

TEST_F(ProvokedDisconnectTest, IsEveryStepAfterWhichTheConnectionMayBeClosed)
{
    for (const char* step :
         {"disconnect c1 half", "disconnect c1 abrupt", "c1.bytes \"x\"", "c1.message (abort = ())"}) {
        RunFailing(step);
        EXPECT_TRUE(Provoked()) << step;
        m_trace.outcomes[CALL + 1].sent_ns = 1'001;
        EXPECT_FALSE(Provoked()) << "the call had ended before: " << step;
    }
}

TEST_F(ProvokedDisconnectTest, MayComeFromAnotherConnectionUnlessTheTargetClosedTheCallsOwn)
{
    RunFailing("disconnect c0 abrupt");
    EXPECT_TRUE(Provoked());
    m_trace.ending.closed = {{std::nullopt, ""}};
    EXPECT_TRUE(Provoked());
    m_trace.ending.closed = {{2, "Peer disconnected."}};
    EXPECT_FALSE(Provoked());
}

TEST_F(ProvokedDisconnectTest, MayComeFromAnObjectOfOursThatWasCalled)
{
    for (const char* reaction : {"disconnect", "throw disconnected \"no\"", "throw failed \"no\"", "never"}) {
        RunFailing("s = serve Shelf { count: " + std::string{reaction} + " }");
        EXPECT_FALSE(Provoked()) << reaction;
        m_trace.served = {{.step = CALL + 1, .method = m_schema->MatchMethods("Shelf.count").at(0), .at_ns = 0}};
        EXPECT_EQ(Provoked(), std::string_view{reaction}.find("disconnect") != std::string_view::npos) << reaction;
    }
}

TEST_F(ProvokedDisconnectTest, IsFalseForOtherEndsAndIfTheTargetDied)
{
    RunFailing("disconnect c1 abrupt");
    m_trace.outcomes[CALL].exception = trace::ExceptionKind::FAILED;
    EXPECT_FALSE(Provoked());
    m_trace.outcomes[CALL].exception = trace::ExceptionKind::DISCONNECTED;
    m_trace.ending.alive = false;
    EXPECT_FALSE(Provoked());
    m_trace.ending.alive = true;
    m_trace.outcomes[CALL].status = Status::ANSWERED;
    EXPECT_FALSE(Provoked());
}

} // namespace
} // namespace mpfuzz::observe
