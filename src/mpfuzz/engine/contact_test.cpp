#include <mpfuzz/engine/contact.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::engine {
namespace {

using testing::HasSubstr;
using trace::Status;

//! A run of one call. The target survives it.
trace::Trace RunOfOneCall(Status status, bool main_interface = true)
{
    trace::Trace trace{
        .outcomes = {{.status = status, .awaited = status == Status::UNANSWERED}}, .served = {}, .ending = {}};
    trace.ending.main_interface_seen = main_interface;
    return trace;
}

class ContactTest : public testing::Test
{
protected:
    std::string Problem() const { return m_contact.Problem(); }
    void Add(const trace::Trace& trace, int times = 1)
    {
        for (int i{0}; i < times; ++i) m_contact.Add(m_program, trace);
    }

    const program::Program m_program{.steps = {program::Call{}}};
    Contact m_contact;
};

TEST_F(ContactTest, IsFineIfACallIsAnswered)
{
    EXPECT_EQ(Problem(), "");
    Add(RunOfOneCall(Status::ANSWERED));
    EXPECT_EQ(Problem(), "");
    Add(RunOfOneCall(Status::UNANSWERED, false), 100);
    EXPECT_EQ(Problem(), "") << "what happens later is for the oracles";
}

TEST_F(ContactTest, NeedsTheMainInterface)
{
    Add(RunOfOneCall(Status::UNANSWERED, false));
    EXPECT_THAT(Problem(), HasSubstr("has never given its main interface"));
}

TEST_F(ContactTest, NeedsAReply)
{
    Add(RunOfOneCall(Status::UNANSWERED));
    EXPECT_EQ(Problem(), "") << "one method may hang";
    Add(RunOfOneCall(Status::UNANSWERED));
    EXPECT_THAT(Problem(), HasSubstr("has not answered a single call: is `main_interface`"));
}

TEST_F(ContactTest, NeedsMoreThanUnknownMethods)
{
    auto trace{RunOfOneCall(Status::EXCEPTION)};
    trace.outcomes[0].exception = trace::ExceptionKind::UNIMPLEMENTED;
    Add(trace, 9);
    EXPECT_EQ(Problem(), "");
    Add(trace);
    EXPECT_THAT(Problem(), HasSubstr("all calls of the first 10 programs with `unimplemented`"));
    trace.outcomes[0].exception = trace::ExceptionKind::FAILED;
    Add(trace);
    EXPECT_EQ(Problem(), "");
}

TEST_F(ContactTest, IsNotJudgedByCallsThatWereNotAwaited)
{
    for (const Status status : {Status::LOCAL, Status::CANCELLED, Status::SKIPPED}) Add(RunOfOneCall(status), 100);
    auto trace{RunOfOneCall(Status::UNANSWERED)};
    trace.outcomes[0].awaited = false;
    Add(trace, 100);
    EXPECT_EQ(Problem(), "");
}

TEST_F(ContactTest, NeedsAConnectionThatStaysOpen)
{
    auto trace{RunOfOneCall(Status::ANSWERED)};
    trace.ending.closed.push_back({});
    Add(trace, 10);
    EXPECT_THAT(Problem(), HasSubstr("10 of the first 10 programs ended with a connection that the target closed"));
}

TEST_F(ContactTest, ATargetThatDiesIsForTheOracles)
{
    auto trace{RunOfOneCall(Status::UNANSWERED, false)};
    trace.ending.alive = false;
    Add(trace, 100);
    EXPECT_EQ(Problem(), "");
}

} // namespace
} // namespace mpfuzz::engine
