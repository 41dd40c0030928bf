#include <mpfuzz/observe/order.h>
#include <mpfuzz/observe/titles_of.h>

#include <mpfuzz/observe/shelf_fixture.h>

#include <gmock/gmock.h>

namespace mpfuzz::observe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OrderTest : public ShelfTest
{
protected:
    OrderTest()
    {
        m_limits.queues = *ParseQueues(*m_schema, "lane");
        m_limits.may_block = m_schema->MatchMethods("Shelf.wait");
    }
    //! Like ShelfTest::Run, but the answers contain the requested lanes.
    void Run(std::string_view text)
    {
        ShelfTest::Run(text);
        for (program::StepIndex step{0}; step < m_program.steps.size(); ++step) {
            const auto* call{std::get_if<program::Call>(&m_program.steps[step])};
            if (call && m_schema->MethodName(call->method) == "Shelf.makeLane") AnswerCapability(m_trace, step, "lane");
        }
    }
    void Swap(program::StepIndex a, program::StepIndex b)
    {
        std::swap(m_trace.outcomes[a].ended_ns, m_trace.outcomes[b].ended_ns);
    }
    std::vector<std::string> Judged() const { return TitlesOf(JudgeOrder(GetCase())); }
};

using Queues = OrderTest;
using Order = OrderTest;

// Steps 0 to 8.
constexpr std::string_view CALLS{R"(c0 = connect
s = c0.bootstrap Shelf
l = s.makeLane()
k = s.makeLane()
a = s.echo(lane = l.lane)
b = s.peek(lane = l.lane)
c = s.echo(lane = k.lane)
d = b.shelf.peek(lane = l.lane)
w = s.wait(lane = l.lane)
)"};

TEST_F(Queues, AreOfTheMethodsThatHaveACapabilityAtThePath)
{
    EXPECT_EQ(m_limits.queues.size(), 3U);
    EXPECT_EQ(ParseQueues(*m_schema, "lan").GetError().message,
              "no method has a capability at `lan` in its parameters; did you mean `lane`?");
    EXPECT_FALSE(ParseQueues(*m_schema, "place.row")) << "it is a number and not a capability";
    EXPECT_FALSE(ParseQueues(*m_schema, ""));
}

TEST_F(Order, FindsNothingIfAnswersComeInTheOrderSent)
{
    Run(CALLS);
    EXPECT_THAT(Judged(), IsEmpty());
    m_trace.outcomes[5].ended_ns = m_trace.outcomes[4].ended_ns;
    EXPECT_THAT(Judged(), IsEmpty()) << "two answers at the same time are in order";
}

TEST_F(Order, NamesBothMethodsIfOneIsAnsweredTooEarly)
{
    Run(CALLS);
    Swap(4, 5);
    EXPECT_THAT(Judged(), ElementsAre("Shelf.peek was answered before Shelf.echo, which was sent first"));
}

TEST_F(Order, DetailsNameBothStepsAndTheirTimes)
{
    Run(CALLS);
    m_trace.outcomes[4].ended_ns = 2'000'000;
    m_trace.outcomes[5].sent_ns = 500'000;
    m_trace.outcomes[5].ended_ns = 1'000'000;
    const auto problems{JudgeOrder(GetCase())};
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].details, "step 4, echo0: sent at 0.000 ms, answered at 2.000 ms\n"
                                   "step 5, peek0: sent at 0.500 ms, answered at 1.000 ms\n"
                                   "both name makeLane0.lane");
}

TEST_F(Order, IsKeptOnOneCapabilityAndInOneQueue)
{
    Run(CALLS);
    Swap(5, 6);
    EXPECT_THAT(Judged(), IsEmpty()) << "another lane";
    Swap(5, 6);
    Swap(5, 7);
    EXPECT_THAT(Judged(), IsEmpty()) << "another capability";
}

TEST_F(Order, IgnoresCallsThatMayBlockOrWereNotAnswered)
{
    Run(CALLS);
    Swap(5, 8);
    EXPECT_THAT(Judged(), IsEmpty());
    Run(CALLS);
    Swap(4, 5);
    for (const Status status : {Status::EXCEPTION, Status::CANCELLED, Status::UNANSWERED, Status::LOCAL}) {
        m_trace.outcomes[4].status = status;
        EXPECT_THAT(Judged(), IsEmpty()) << trace::Name(status);
    }
}

TEST_F(Order, IsNotJudgedAfterRawBytes)
{
    Run(std::string{CALLS} + "c0.message (finish = (questionId = 1))\n");
    Swap(4, 5);
    EXPECT_THAT(Judged(), IsEmpty());
}

TEST_F(Order, NeedsACapabilityInTheArgument)
{
    Run("c0 = connect\ns = c0.bootstrap Shelf\na = s.peek()\nb = s.peek(lane = null)\nc = s.peek(lane = serve Lane)\n"
        "d = s.peek(lane = serve Lane)\n");
    Swap(2, 3);
    Swap(4, 5);
    EXPECT_THAT(Judged(), IsEmpty());
}

TEST_F(Order, IgnoresACallThatNamesAReleasedCapability)
{
    Run("c0 = connect\ns = c0.bootstrap Shelf\nl = s.makeLane()\na = s.echo(lane = l.lane)\ndrop l.lane\n"
        "b = s.peek(lane = l.lane)\n");
    Swap(3, 5);
    EXPECT_THAT(Judged(), IsEmpty());
}

TEST_F(Order, IgnoresACallThatNamesACapabilityThatNeverExisted)
{
    for (const Status status : {Status::EXCEPTION, Status::CANCELLED, Status::UNANSWERED, Status::LOCAL}) {
        Run(CALLS);
        Swap(4, 5);
        m_trace.outcomes[2].status = status;
        EXPECT_THAT(Judged(), IsEmpty()) << trace::Name(status);
    }
    Run(CALLS);
    Swap(4, 5);
    m_trace.outcomes[2].answer.emplace();
    EXPECT_THAT(Judged(), IsEmpty()) << "null";
}

TEST_F(Order, ComparesWithTheLatestAnswerSoFar)
{
    Run("c0 = connect\ns = c0.bootstrap Shelf\nl = s.makeLane()\na = s.echo(lane = l.lane)\nb = s.peek(lane = l.lane)\n"
        "c = s.peek(lane = l.lane)\n");
    m_trace.outcomes[3].ended_ns = 100;
    m_trace.outcomes[4].ended_ns = 98;
    m_trace.outcomes[5].ended_ns = 99;
    EXPECT_THAT(Judged(), ElementsAre("Shelf.peek was answered before Shelf.echo, which was sent first"));
}

} // namespace
} // namespace mpfuzz::observe
