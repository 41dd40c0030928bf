// A server that calls its clients back, for the tests of the executor: tower_server SOCKET [--ignore-term].
#include <tower.capnp.h>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/debug.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

namespace mpfuzz::execute::testing {
namespace {

class TowerServer final : public messages::Tower::Server
{
    kj::Promise<void> ring(RingContext context) override
    {
        ++m_count;
        auto request{context.getParams().getBell().tollRequest()};
        request.setTower(thisCap());
        request.setText(context.getParams().getText());
        return request.send().then(
            [context](auto&& answer) mutable { context.getResults().setText(answer.getText()); },
            [context](kj::Exception&& exception) mutable {
                static constexpr std::array<const char*, 4> KINDS{"failed", "overloaded", "disconnected",
                                                                  "unimplemented"};
                const std::string words{std::string{KINDS.at(static_cast<size_t>(exception.getType()))} + ": " +
                                        exception.getDescription().cStr()};
                context.getResults().setError(words.c_str());
            });
    }

    kj::Promise<void> count(CountContext context) override
    {
        context.getResults().setCount(++m_count);
        return kj::READY_NOW;
    }

    kj::Promise<void> block(BlockContext context) override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds{context.getParams().getMs()});
        return kj::READY_NOW;
    }

    kj::Promise<void> leak(LeakContext context) override
    {
        for (uint32_t i{0}; i < context.getParams().getDescriptors(); ++i) open("/dev/null", O_RDONLY);
        return kj::READY_NOW;
    }

    uint32_t m_count{0};
};

struct Client {
    explicit Client(kj::Own<kj::AsyncIoStream> s)
        : stream{kj::mv(s)}, network{*stream, capnp::rpc::twoparty::Side::SERVER}, rpc{capnp::makeRpcServer(
                                                                                       network,
                                                                                       kj::heap<TowerServer>())}
    {
    }
    kj::Own<kj::AsyncIoStream> stream;
    capnp::TwoPartyVatNetwork network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> rpc;
};

int Listen(const char* path)
{
    const int fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    KJ_REQUIRE(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0, path);
    KJ_REQUIRE(listen(fd, 16) == 0);
    return fd;
}

kj::Promise<void> Accept(kj::ConnectionReceiver& receiver)
{
    return receiver.accept().then([&receiver](kj::Own<kj::AsyncIoStream> stream) {
        auto client{kj::heap<Client>(kj::mv(stream))};
        auto end{client->network.onDisconnect()};
        end.attach(kj::mv(client)).detach([](kj::Exception&&) {});
        return Accept(receiver);
    });
}

} // namespace
} // namespace mpfuzz::execute::testing

int main(int argc, char** argv)
{
    if (argc < 2) return 2;
    if (argc > 2 && std::string_view{argv[2]} == "--ignore-term") signal(SIGTERM, SIG_IGN);
    auto io{kj::setupAsyncIo()};
    auto receiver{io.lowLevelProvider->wrapListenSocketFd(mpfuzz::execute::testing::Listen(argv[1]))};
    mpfuzz::execute::testing::Accept(*receiver).wait(io.waitScope);
}
