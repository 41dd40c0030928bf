#include <fuzz_interface/drivers/response_driver.h>

#include <fuzz_interface/drivers/client_call.h>
#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/schema.h>
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

//! A binding whose Connect only calls a function.
class FakeLoop final : public Loop
{
public:
    explicit FakeLoop(std::function<void()> on_connect) : m_on_connect{std::move(on_connect)} {}

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

//! Drives the binding. Returns the text of the failure or "no failure".
std::string Drive(FakeLoop& loop, std::chrono::milliseconds deadline = LONG)
{
    base::Rng rng{1};
    Choices choices{rng};
    const auto failure{DriveResponses(loop, choices, {.deadline = deadline})};
    return failure ? failure->text : "no failure";
}

TEST(ResponseDriver, AcceptsAStandardException)
{
    FakeLoop loop{[] { throw std::runtime_error{"no handshake"}; }};
    EXPECT_EQ(Drive(loop), "no failure");
}

TEST(ResponseDriver, NoticesAnExceptionOfAnotherType)
{
    FakeLoop loop{[] { throw 7; }};
    EXPECT_THAT(Drive(loop), HasSubstr("Connect threw an exception that is not derived from std::exception"));
}

TEST(ResponseDriver, NoticesATypedExceptionOfAMethodThatDeclaresNone)
{
    FakeLoop loop{[] { throw FuzzError{}; }};
    EXPECT_THAT(Drive(loop), HasSubstr("Connect threw a FuzzError"));
}

TEST(ResponseDriver, NoticesACallThatHangs)
{
    std::promise<void> end;
    std::promise<void> ended;
    FakeLoop loop{[&] {
        end.get_future().wait();
        ended.set_value();
    }};
    EXPECT_THAT(Drive(loop, SHORT), HasSubstr("Connect has not ended within 200 ms after its connection was closed"));
    // The abandoned thread still uses these variables.
    end.set_value();
    ended.get_future().wait();
}

TEST(ServeMalformed, ReturnsWhenTheClientDisconnects)
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

TEST(ClientCalls, CoverEveryMethodOfTheSchema)
{
    base::Rng rng{1};
    Choices choices{rng};
    std::set<std::string> called;
    for (int i{0}; i < 3'000; ++i) called.insert(ChooseClientCall(choices).name);
    for (const auto method : FindInterface("FuzzInterface").getMethods()) {
        std::string name{method.getProto().getName().cStr()};
        if (name == "destroy") continue;
        // `not` is a keyword in C++.
        if (name == "notBool") name = "not";
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        EXPECT_TRUE(called.contains(name)) << name;
    }
}

} // namespace
} // namespace mpfuzz::fuzz_interface
