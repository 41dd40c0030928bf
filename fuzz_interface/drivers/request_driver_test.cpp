#include <fuzz_interface/drivers/request_driver.h>

#include <fuzz_interface/drivers/schema.h>
#include <fuzz_interface/drivers/socket_pair.h>
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

//! What the driver says of a stub server, or that it is content.
std::string Verdict(Misdeed misdeed, std::chrono::milliseconds deadline, uint64_t seed)
{
    const auto [server_fd, client_fd] = SocketPair();
    const StubServer server{server_fd, misdeed};
    base::Rng rng{seed};
    Choices choices{rng};
    const auto failure{DriveRequests(client_fd, choices, {.batches = 20, .deadline = deadline})};
    return failure ? failure->text : "content";
}

constexpr std::chrono::milliseconds LONG{10'000};
constexpr std::chrono::milliseconds SHORT{200};

TEST(RequestDriver, IsContentWithErrors)
{
    for (uint64_t seed{1}; seed <= 5; ++seed) EXPECT_EQ(Verdict(Misdeed::NONE, LONG, seed), "content");
}

TEST(RequestDriver, NoticesACallWithoutAnAnswer)
{
    EXPECT_THAT(Verdict(Misdeed::NO_ANSWER, SHORT, 1), HasSubstr("no answer within 200 ms"));
}

TEST(RequestDriver, NoticesAWrongAnswer)
{
    EXPECT_THAT(Verdict(Misdeed::WRONG_ANSWER, LONG, 1), HasSubstr("a good FuzzInterface.addInt32"));
}

TEST(RequestDriver, NoticesThatTheServerHasLeft)
{
    EXPECT_THAT(Verdict(Misdeed::HANG_UP, LONG, 1), HasSubstr("a good FuzzInterface.addInt32"));
}

TEST(RequestDriver, NoticesThatTheServerDoesNotGoOnServing)
{
    EXPECT_THAT(Verdict(Misdeed::LOST_AFTERWARDS, LONG, 1),
                AllOf(HasSubstr("a good FuzzInterface.addInt32"), HasSubstr("; lost")));
}

TEST(RequestDriver, NoticesAHandshakeThatFails)
{
    EXPECT_THAT(Verdict(Misdeed::NO_HANDSHAKE, LONG, 1), HasSubstr("threadMap of the handshake"));
}

TEST(RequestDriver, CallsEveryMethod)
{
    std::set<std::string> missing;
    for (const char* name : {"FuzzInit", "FuzzInterface", "ThreadMap", "Thread"}) {
        for (const auto method : FindInterface(name).getMethods()) missing.insert(method.getProto().getName().cStr());
    }
    for (uint64_t seed{1}; seed <= 50 && !missing.empty(); ++seed) {
        const auto [server_fd, client_fd] = SocketPair();
        StubServer server{server_fd, Misdeed::NONE};
        base::Rng rng{seed};
        Choices choices{rng};
        EXPECT_FALSE(DriveRequests(client_fd, choices, {}));
        for (const std::string& name : server.Called()) missing.erase(name);
    }
    EXPECT_THAT(missing, IsEmpty());
}

TEST(RequestDriver, SaysWhatItHadSent)
{
    EXPECT_THAT(Verdict(Misdeed::LOST_AFTERWARDS, LONG, 1), HasSubstr("\n  call "));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
