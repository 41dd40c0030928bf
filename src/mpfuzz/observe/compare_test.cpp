#include <mpfuzz/observe/compare.h>

#include <mpfuzz/observe/shelf_fixture.h>

namespace mpfuzz::observe {
namespace {

class CompareTest : public ShelfTest
{
protected:
    CompareTest()
    {
        m_limits.queues = *ParseQueues(*m_schema, "lane");
        m_limits.may_block = m_schema->MatchMethods("Shelf.wait");
        m_limits.deterministic = m_schema->MatchMethods("Shelf.*");
        std::erase(m_limits.deterministic, m_schema->MatchMethods("Shelf.count")[0]);
    }

    bool Comparable(const std::string& steps)
    {
        Run("c0 = connect\ns = c0.bootstrap Shelf\nl = s.makeLane()\n" + steps);
        return IsComparable(m_program, m_limits);
    }

    //! Sets two equal traces of one program. A test then changes one of them.
    void RunTwice(std::string_view text)
    {
        Run(text);
        for (program::StepIndex step{0}; step < m_program.steps.size(); ++step) {
            const auto* call{std::get_if<program::Call>(&m_program.steps[step])};
            if (!call) continue;
            if (m_schema->GetMethod(call->method).name == "makeLane") AnswerCapability(m_trace, step, "lane");
            if (m_schema->GetMethod(call->method).name == "peek") AnswerCapability(m_trace, step, "shelf");
        }
        m_other = m_trace;
    }
    std::string Title() const
    {
        const auto difference{Compare(*m_schema, m_program, m_trace, m_other, m_limits)};
        return difference ? std::to_string(difference->step) + ": " + difference->title : "alike";
    }

    trace::Trace m_other;
};

using Comparability = CompareTest;
using TwoRuns = CompareTest;

TEST_F(Comparability, NeedsAPlainProgramOnOneConnection)
{
    EXPECT_TRUE(Comparable("a = s.echo(lane = l.lane)\nawait a\nb = s.peek(lane = l.lane)\ndrop b.shelf\nawait all\n"));
    EXPECT_TRUE(Comparable("v = serve Shelf { echo: return (number = 1) }\n"));
    EXPECT_FALSE(Comparable("c1 = connect\n"));
    EXPECT_FALSE(Comparable("a = s.echo(lane = l.lane)\ncancel a\n"));
    EXPECT_FALSE(Comparable("disconnect c0 clean\n"));
    EXPECT_FALSE(Comparable("delay 1ms\n"));
    EXPECT_FALSE(Comparable("c0.bytes \"x\"\n"));
    EXPECT_FALSE(Comparable("c0.message (finish = (questionId = 1))\n"));
    EXPECT_FALSE(Comparable("v = serve Shelf { echo: never }\n"));
    EXPECT_FALSE(Comparable("a = s.echo(lane = serve Lane)\n"));
}

TEST_F(Comparability, NeedsDeterministicMethodsThatDoNotBlock)
{
    EXPECT_FALSE(Comparable("a = s.count()\n"));
    EXPECT_FALSE(Comparable("a = s.wait(lane = l.lane)\n"));
}

TEST_F(Comparability, NeedsOneQueue)
{
    EXPECT_TRUE(Comparable("a = s.echo(lane = l.lane)\nb = s.peek(lane = l.lane)\n"));
    EXPECT_FALSE(Comparable("k = s.makeLane()\na = s.echo(lane = l.lane)\nb = s.peek(lane = k.lane)\n"));
    EXPECT_FALSE(Comparable("a = s.echo(lane = l.lane)\nb = s.peek()\n"));
    m_limits.queues.clear();
    EXPECT_TRUE(Comparable("a = s.echo()\nb = s.peek()\n"));
}

// Steps 0 to 5.
constexpr std::string_view CALLS{R"(c0 = connect
s = c0.bootstrap Shelf
l = s.makeLane()
a = s.echo(lane = l.lane)
b = s.peek(lane = l.lane)
c = b.shelf.echo(lane = l.lane)
)"};

TEST_F(TwoRuns, HaveNoDifferenceIfAnswersAreEqual)
{
    RunTwice(CALLS);
    EXPECT_EQ(Title(), "alike");
    Answer(3, "(text = \"\", list = [], place = ())");
    m_other.outcomes[5].ended_ns += 1'000'000;
    EXPECT_EQ(Title(), "alike");
}

TEST_F(TwoRuns, DifferInTheFieldThatTheTitleNames)
{
    RunTwice(CALLS);
    Answer(3, "(place = (row = 1))");
    Answer(5, "(number = 1)");
    EXPECT_EQ(Title(), "3: Shelf.echo: the answers differ in place.row");
    Answer(m_other, 3, "(place = (row = 1))");
    EXPECT_EQ(Title(), "5: Shelf.echo: the answers differ in number");
    Answer(5, "(list = [\"a\", \"b\"])");
    Answer(m_other, 5, "(list = [\"a\", \"c\"])");
    EXPECT_EQ(Title(), "5: Shelf.echo: the answers differ in list[]");
    Answer(m_other, 5, "(list = [\"a\"])");
    EXPECT_EQ(Title(), "5: Shelf.echo: the answers differ in list[]");
}

TEST_F(TwoRuns, DetailsHaveBothWholeAnswers)
{
    const auto details{[&] { return Compare(*m_schema, m_program, m_trace, m_other, m_limits)->details; }};
    RunTwice(CALLS);
    const std::string text(300, 't');
    Answer(3, "(text = \"" + text + "\", number = 1)");
    Answer(m_other, 3, "(text = \"" + text + "\", number = 2)");
    EXPECT_EQ(details(), "step 3, echo0\nfirst:  (text = \"" + text + "\", number = 1)\nsecond: (text = \"" + text +
                             "\", number = 2)");
    m_other.outcomes[3] = {
        .status = Status::EXCEPTION, .exception = trace::ExceptionKind::OVERLOADED, .message = "no\nroom"};
    EXPECT_EQ(details(), "step 3, echo0\nfirst:  (text = \"" + text +
                             "\", number = 1)\nsecond: exception overloaded \"no\\nroom\"");
}

TEST_F(TwoRuns, DetailsTellWhichOfTheTwoHasAFinding)
{
    RunTwice(CALLS);
    const auto details{[&] { return Compare(*m_schema, m_program, m_trace, m_other, m_limits)->details; }};
    m_other.outcomes[3] = {.status = Status::UNANSWERED, .awaited = true, .sent_ns = 1'000'000};
    m_other.duration_ns = 3'000'000;
    EXPECT_EQ(details(), "only in the second run\nstep 3, echo0: sent at 1.000 ms, no answer for 2.000 ms");
    std::swap(m_trace, m_other);
    EXPECT_EQ(details(), "only in the first run\nstep 3, echo0: sent at 1.000 ms, no answer for 2.000 ms");
}

TEST_F(TwoRuns, DifferIfOneAnswerIsAnException)
{
    RunTwice(CALLS);
    m_other.outcomes[3].status = Status::EXCEPTION;
    EXPECT_EQ(Title(), "3: Shelf.echo: one answer is an exception, the other is not");
    m_trace.outcomes[3].status = Status::EXCEPTION;
    EXPECT_EQ(Title(), "alike");
    m_trace.outcomes[3].exception = trace::ExceptionKind::UNIMPLEMENTED;
    EXPECT_EQ(Title(), "3: Shelf.echo: the exceptions are of different kinds");
    m_trace.outcomes[3].status = Status::LOCAL;
    EXPECT_EQ(Title(), "alike") << "a pipelined call may fail in another way than an awaited one";
}

TEST_F(TwoRuns, DifferIfOnlyOneAnswerHasACapability)
{
    RunTwice(CALLS);
    AnswerCapability(m_trace, 3, "other");
    EXPECT_EQ(Title(), "3: Shelf.echo: the answers differ in other");
}

TEST_F(TwoRuns, AreComparedUpToACallOnACapabilityThatDoesNotExist)
{
    RunTwice(CALLS);
    Answer(5, "(number = 1)");
    for (trace::Trace* trace : {&m_trace, &m_other}) trace->outcomes[4].answer->fields.clear();
    EXPECT_EQ(Title(), "alike") << "a target may treat null and a promise that resolves to null differently";
    Answer(3, "(number = 1)");
    EXPECT_EQ(Title(), "3: Shelf.echo: the answers differ in number");
}

TEST_F(TwoRuns, AreNotComparedIfACallDidNotEnd)
{
    for (const Status status : {Status::SKIPPED, Status::UNANSWERED, Status::CANCELLED}) {
        RunTwice(CALLS);
        Answer(3, "(number = 1)");
        m_other.outcomes[5].status = status;
        EXPECT_EQ(Title(), "alike") << trace::Name(status);
    }
}

TEST_F(TwoRuns, DifferFirstInTheFindingsOfTheOracles)
{
    RunTwice(CALLS);
    Answer(3, "(number = 1)");
    m_other.ending.alive = false;
    m_other.ending.signal = 11;
    EXPECT_EQ(Title(), "0: in one of the two only: crash: SIGSEGV");
    m_trace.ending = m_other.ending;
    EXPECT_EQ(Title(), "alike") << "both targets crashed in the same way: the crash oracle reports that";
}

} // namespace
} // namespace mpfuzz::observe
