// Connections and loops that end while calls run.
#include <fuzz_interface/native/binding_fixture.h>

#include <chrono>
#include <future>
#include <thread>
#include <unistd.h>

namespace mpfuzz::fuzz_interface::native {
namespace {

using std::chrono::steady_clock;

class DisconnectTest : public BindingTest
{
protected:
    // The server destroys the objects of a disconnected client at some later time, so this function waits.
    void ExpectNoObjects(fuzz_interface::FuzzInterface& fuzz)
    {
        const auto deadline{steady_clock::now() + std::chrono::seconds{60}};
        while (fuzz.liveObjects() != 0 && steady_clock::now() < deadline) std::this_thread::yield();
        EXPECT_EQ(fuzz.liveObjects(), 0);
    }
};

TEST_F(DisconnectTest, FailsTheCallWhoseCallbackDisconnects)
{
    auto client{Connect()};
    const std::string error{ErrorOf([&] {
        client.fuzz->callFunction(
            [&](int32_t value) {
                client.init = nullptr;
                return value;
            },
            1);
    })};
    EXPECT_NE(error, "");
    EXPECT_NE(ErrorOf([&] { client.fuzz->rotateInt64(1); }), "");
    EXPECT_EQ(Connect().fuzz->rotateInt64(1), 1 << 13) << "the server still answers";
}

TEST_F(DisconnectTest, FailsTheCallIfTheServerDisconnects)
{
    auto client{Connect()};
    const std::string error{ErrorOf([&] {
        client.fuzz->callFunction(
            [&](int32_t value) {
                m_server = nullptr;
                return value;
            },
            1);
    })};
    EXPECT_NE(error, "");
    EXPECT_NE(ErrorOf([&] { client.fuzz->makeObject(1); }), "");
}

// The server's thread waits in a callback of another client.
TEST_F(DisconnectTest, DropsTheResultsOfACallWhoseClientHasDisconnected)
{
    auto owner{Connect()};
    auto caller{Connect()};
    const auto gate{std::make_shared<Gate>()};
    owner.fuzz->store(0, std::make_shared<TestCallback>([gate](int32_t value) {
                          gate->Wait();
                          return value;
                      }));
    auto error{std::async(std::launch::async, [&] { return ErrorOf([&] { caller.fuzz->callStored(0, 1); }); })};
    gate->AwaitWaiter();
    caller.init = nullptr;
    EXPECT_NE(error.get(), "");
    gate->Open();
    EXPECT_EQ(owner.fuzz->callStored(0, 1), 2);
    EXPECT_TRUE(owner.fuzz->forget(0));
}

TEST_F(DisconnectTest, FailsCallbacksOfAClientThatHasDisconnected)
{
    const auto stays{Connect()};
    auto loop{fuzz_interface::MakeLoop()};
    bool destroyed{false};
    {
        const auto leaves{Connect(*loop)};
        leaves.fuzz->store(
            2, std::make_shared<TestCallback>([](int32_t value) { return value; }, nullptr, [&] { destroyed = true; }));
        EXPECT_EQ(stays.fuzz->callStored(2, 1), 2);
        EXPECT_FALSE(destroyed);
    }
    EXPECT_NE(ErrorOf([&] { stays.fuzz->callStored(2, 1); }), "");
    EXPECT_TRUE(stays.fuzz->forget(2));
    loop = nullptr; // Waits for the thread that destroys such objects.
    EXPECT_TRUE(destroyed);
}

TEST_F(DisconnectTest, ForgettingACallbackDestroysIt)
{
    const auto client{Connect()};
    bool destroyed{false};
    client.fuzz->store(
        2, std::make_shared<TestCallback>([](int32_t value) { return value; }, nullptr, [&] { destroyed = true; }));
    EXPECT_TRUE(client.fuzz->forget(2));
    EXPECT_TRUE(destroyed);
}

TEST_F(DisconnectTest, DestroysTheObjectsOfAClientThatHasDisconnected)
{
    const auto stays{Connect()};
    auto leaves{Connect()};
    const auto object{leaves.fuzz->makeObject(1)};
    const auto child{object->makeChild(2)};
    EXPECT_EQ(stays.fuzz->liveObjects(), 2);
    leaves.init = nullptr;
    ExpectNoObjects(*stays.fuzz);
    EXPECT_NE(ErrorOf([&] { child->id(); }), "");
}

TEST_F(DisconnectTest, ConnectFailsIfThePeerIsNotAServer)
{
    const auto [client, server]{SocketPair()};
    close(server);
    EXPECT_NE(ErrorOf([&, fd = client] { m_clients->Connect(fd); }), "");
}

TEST_F(DisconnectTest, TheLoopCanEndDuringACall)
{
    auto loop{fuzz_interface::MakeLoop()};
    const auto init{loop->Pipe(*m_implementation)};
    const auto fuzz{init->makeFuzz()};
    const auto object{fuzz->makeObject(1)};
    const auto gate{std::make_shared<Gate>()};
    auto error{std::async(std::launch::async, [&] {
        return ErrorOf([&] {
            fuzz->callFunction(
                [gate](int32_t value) {
                    gate->Wait();
                    return value;
                },
                1);
        });
    })};
    gate->AwaitWaiter();
    loop = nullptr;
    gate->Open();
    EXPECT_NE(error.get(), "");
    EXPECT_NE(ErrorOf([&] { object->id(); }), "");
}

// binding.h does not guarantee this.
TEST_F(DisconnectTest, StoredCallbacksMayOutliveTheLoop)
{
    {
        const auto client{Connect()};
        client.fuzz->store(0, std::make_shared<TestCallback>([](int32_t value) { return value; }));
    }
    m_server = nullptr;
    const auto here{m_implementation->makeFuzz()};
    EXPECT_NE(ErrorOf([&] { here->callStored(0, 1); }), "");
    EXPECT_TRUE(here->forget(0));
}

} // namespace
} // namespace mpfuzz::fuzz_interface::native
