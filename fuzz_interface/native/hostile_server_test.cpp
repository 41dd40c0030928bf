// Tests the client proxies with a hand-written server that breaks the rules.
#include <fuzz_interface/native/binding_fixture.h>

#include <capnp/rpc-twoparty.h>
#include <fuzz.capnp.h>
#include <kj/async-io.h>
#include <mp/proxy.capnp.h>

#include <functional>
#include <future>
#include <string>

namespace mpfuzz::fuzz_interface::native {
namespace {

namespace messages = fuzz_interface::messages;

class HostileFuzz final : public messages::FuzzInterface::Server
{
public:
    kj::Promise<void> destroy(DestroyContext) override { return kj::READY_NOW; }

    kj::Promise<void> nextColour(NextColourContext context) override
    {
        context.getResults().setResult(77);
        return kj::READY_NOW;
    }
    kj::Promise<void> raise(RaiseContext context) override
    {
        context.getResults().setStandard("standard");
        context.getResults().initTyped().setCode(3);
        return kj::READY_NOW;
    }
    kj::Promise<void> makeObject(MakeObjectContext) override { return kj::READY_NOW; }

    // Keeps the object after the call, although it was lent for the call only.
    kj::Promise<void> callObject(CallObjectContext context) override
    {
        m_lent = context.getParams().getCallback();
        return kj::READY_NOW;
    }

    // Calls the kept object during another call, and returns the error.
    kj::Promise<void> reverseText(ReverseTextContext context) override
    {
        auto request{m_lent.callRequest()};
        request.initContext().setThread(context.getParams().getContext().getCallbackThread());
        return request.send()
            .then([](auto&&) { return kj::str("called"); },
                  [](kj::Exception&& error) { return kj::heapString(error.getDescription()); })
            .then([context](kj::String text) mutable { context.getResults().setResult(text); });
    }

private:
    messages::FuzzCallback::Client m_lent{nullptr};
};

class HostileThreadMap final : public multiprocess::ThreadMap::Server
{
};

class HostileInit final : public messages::FuzzInit::Server
{
public:
    explicit HostileInit(bool shakes_hands) : m_shakes_hands{shakes_hands} {}

    kj::Promise<void> construct(ConstructContext context) override
    {
        if (m_shakes_hands) context.getResults().setThreadMap(kj::heap<HostileThreadMap>());
        return kj::READY_NOW;
    }
    kj::Promise<void> makeFuzz(MakeFuzzContext context) override
    {
        context.getResults().setResult(kj::heap<HostileFuzz>());
        return kj::READY_NOW;
    }

private:
    const bool m_shakes_hands;
};

class HostileServer : public testing::Test
{
protected:
    //! Serves on this thread until the client, which runs on another, has left.
    void Run(bool shakes_hands, const std::function<void(fuzz_interface::Loop&, int)>& client)
    {
        const auto [client_fd, server_fd]{SocketPair()};
        auto done{std::async(std::launch::async, [&, fd = client_fd] {
            const auto loop{fuzz_interface::MakeLoop()};
            client(*loop, fd);
        })};
        auto io{kj::setupAsyncIo()};
        auto stream{io.lowLevelProvider->wrapSocketFd(server_fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP)};
        capnp::TwoPartyClient server{*stream, kj::heap<HostileInit>(shakes_hands), capnp::rpc::twoparty::Side::SERVER};
        server.onDisconnect().wait(io.waitScope);
        done.get();
    }
};

TEST_F(HostileServer, ConnectFailsWithoutAHandshake)
{
    Run(/*shakes_hands=*/false, [](auto& loop, int fd) { EXPECT_NE(ErrorOf([&] { loop.Connect(fd); }), ""); });
}

TEST_F(HostileServer, InvalidAnswersMakeCallsFail)
{
    Run(/*shakes_hands=*/true, [](auto& loop, int fd) {
        const auto init{loop.Connect(fd)};
        const auto fuzz{init->makeFuzz()};
        EXPECT_NE(ErrorOf([&] { fuzz->nextColour(fuzz_interface::Colour::RED); }), "") << "not a colour";
        EXPECT_NE(ErrorOf([&] { fuzz->rotateInt64(1); }), "") << "no such method";
        EXPECT_THROW(fuzz->raise(1, 2, "both"), fuzz_interface::FuzzError);
        EXPECT_EQ(fuzz->makeObject(1), nullptr);
    });
}

TEST_F(HostileServer, CannotCallAnObjectThatWasLentForAnEarlierCall)
{
    Run(/*shakes_hands=*/true, [](auto& loop, int fd) {
        const auto init{loop.Connect(fd)};
        const auto fuzz{init->makeFuzz()};
        TestCallback callback{[](int32_t value) {
            ADD_FAILURE() << "called";
            return value;
        }};
        fuzz->callObject(callback, 1);
        EXPECT_NE(fuzz->reverseText("").find("has been destroyed"), std::string::npos);
    });
}

} // namespace
} // namespace mpfuzz::fuzz_interface::native
