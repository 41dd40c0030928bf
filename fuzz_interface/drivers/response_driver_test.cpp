#include <fuzz_interface/drivers/response_driver.h>

#include <fuzz_interface/drivers/client_call.h>
#include <fuzz_interface/drivers/schema.h>
#include <fuzz_interface/drivers/socket_pair.h>
#include <fuzz_interface/drivers/worker_thread.h>

#include <mpfuzz/base/check.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include <unistd.h>

namespace mpfuzz::fuzz_interface {
namespace {

using testing::HasSubstr;

//! A binding that does not even read what its server says.
class DeafLoop final : public Loop
{
public:
    explicit DeafLoop(std::function<void()> on_connect) : m_on_connect{std::move(on_connect)} {}

    std::unique_ptr<FuzzInit> Connect(int fd) override
    {
        close(fd);
        m_on_connect();
        return nullptr;
    }
    void Serve(int, FuzzInit&) override { CHECK(false); }
    void Listen(int, FuzzInit&) override { CHECK(false); }
    std::unique_ptr<FuzzInit> Pipe(FuzzInit&) override { return nullptr; }

private:
    std::function<void()> m_on_connect;
};

constexpr std::chrono::milliseconds LONG{10'000};
constexpr std::chrono::milliseconds SHORT{200};

std::string Verdict(DeafLoop& loop, std::chrono::milliseconds deadline = LONG)
{
    base::Rng rng{1};
    Choices choices{rng};
    const auto failure{DriveResponses(loop, choices, {.deadline = deadline})};
    return failure ? failure->text : "content";
}

TEST(ResponseDriver, IsContentWithAStandardException)
{
    DeafLoop loop{[] { throw std::runtime_error{"no handshake"}; }};
    EXPECT_EQ(Verdict(loop), "content");
}

TEST(ResponseDriver, NoticesAnExceptionThatIsNone)
{
    DeafLoop loop{[] { throw 7; }};
    EXPECT_THAT(Verdict(loop), HasSubstr("Connect threw what is no std::exception"));
}

TEST(ResponseDriver, NoticesATypedExceptionOfAMethodThatHasNone)
{
    DeafLoop loop{[] { throw FuzzError{}; }};
    EXPECT_THAT(Verdict(loop), HasSubstr("Connect threw a FuzzError"));
}

TEST(ResponseDriver, NoticesACallThatHangs)
{
    std::promise<void> end;
    std::promise<void> ended;
    DeafLoop loop{[&] {
        end.get_future().wait();
        ended.set_value();
    }};
    EXPECT_THAT(Verdict(loop, SHORT), HasSubstr("Connect has not ended within 200 ms of its connection's end"));
    // The thread that was left behind uses these.
    end.set_value();
    ended.get_future().wait();
}

TEST(ServeMalformed, LastsUntilTheClientLeaves)
{
    const auto [server_fd, client_fd] = SocketPair();
    WorkerThread server;
    server.Start([fd = server_fd] {
        base::Rng rng{1};
        Choices choices{rng};
        ServeMalformed(fd, choices);
    });
    EXPECT_FALSE(server.Wait(std::chrono::milliseconds{1}));
    close(client_fd);
    EXPECT_TRUE(server.Wait(LONG));
}

TEST(ClientCalls, AreOfEveryMethodOfTheSchema)
{
    base::Rng rng{1};
    Choices choices{rng};
    std::set<std::string> called;
    for (int i{0}; i < 3'000; ++i) called.insert(ChooseClientCall(choices).name);
    for (const auto method : FindInterface("FuzzInterface").getMethods()) {
        std::string name{method.getProto().getName().cStr()};
        if (name == "destroy") continue;
        // The one name that C++ and the schema could not share.
        if (name == "notBool") name = "not";
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        EXPECT_TRUE(called.contains(name)) << name;
    }
}

} // namespace
} // namespace mpfuzz::fuzz_interface
