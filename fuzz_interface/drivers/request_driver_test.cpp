#include <fuzz_interface/drivers/request_driver.h>

#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/schema.h>
#include <fuzz_interface/drivers/testing/stub_server.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mpfuzz::fuzz_interface {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

//! Drives a stub server. Returns the text of the failure or "no failure".
std::string Drive(StubFault fault, std::chrono::milliseconds deadline, uint64_t seed)
{
    const auto [server_fd, client_fd] = SocketPair();
    const StubServer server{server_fd, fault};
    base::Rng rng{seed};
    Choices choices{rng};
    const auto failure{DriveRequests(client_fd, choices, {.batches = 20, .deadline = deadline})};
    return failure ? failure->text : "no failure";
}

constexpr std::chrono::milliseconds LONG{10'000};
constexpr std::chrono::milliseconds SHORT{200};

TEST(RequestDriver, AcceptsExceptions)
{
    for (uint64_t seed{1}; seed <= 5; ++seed) EXPECT_EQ(Drive(StubFault::NONE, LONG, seed), "no failure");
}

TEST(RequestDriver, NoticesAnUnansweredCall)
{
    EXPECT_THAT(Drive(StubFault::NO_ANSWER, SHORT, 1), HasSubstr("no answer within 200 ms"));
}

TEST(RequestDriver, NoticesAWrongAnswer)
{
    EXPECT_THAT(Drive(StubFault::WRONG_ANSWER, LONG, 1), HasSubstr("a valid FuzzInterface.addInt32"));
}

TEST(RequestDriver, NoticesThatTheServerDisconnects)
{
    EXPECT_THAT(Drive(StubFault::DISCONNECT, LONG, 1), HasSubstr("a valid FuzzInterface.addInt32"));
}

TEST(RequestDriver, NoticesValidCallsThatFailAfterwards)
{
    EXPECT_THAT(Drive(StubFault::BROKEN_AFTERWARDS, LONG, 1),
                AllOf(HasSubstr("a valid FuzzInterface.addInt32"), HasSubstr("; broken")));
}

TEST(RequestDriver, NoticesAHandshakeThatFails)
{
    EXPECT_THAT(Drive(StubFault::NO_HANDSHAKE, LONG, 1), HasSubstr("threadMap of the handshake"));
}

TEST(RequestDriver, CallsEveryMethod)
{
    std::set<std::string> missing;
    for (const char* name : {"FuzzInit", "FuzzInterface", "ThreadMap", "Thread"}) {
        for (const auto method : FindInterface(name).getMethods()) missing.insert(method.getProto().getName().cStr());
    }
    for (uint64_t seed{1}; seed <= 50 && !missing.empty(); ++seed) {
        const auto [server_fd, client_fd] = SocketPair();
        StubServer server{server_fd, StubFault::NONE};
        base::Rng rng{seed};
        Choices choices{rng};
        EXPECT_FALSE(DriveRequests(client_fd, choices, {}));
        for (const std::string& name : server.Called()) missing.erase(name);
    }
    EXPECT_THAT(missing, IsEmpty());
}

TEST(RequestDriver, ReportsTheLastCalls)
{
    EXPECT_THAT(Drive(StubFault::BROKEN_AFTERWARDS, LONG, 1), HasSubstr("\n  call "));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
