#include <targets/model_node/server.h>

#include <mpfuzz/stream/buffered_stream.h>
#include <targets/model_node/connection.h>
#include <targets/model_node/init_server.h>

#include <capnp/rpc-twoparty.h>
#include <kj/debug.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace mpfuzz::model_node {
namespace {

// Guess: stop reading from a client whose unanswered calls have more parameters than this (256 MiB).
constexpr size_t FLOW_LIMIT_WORDS{32 * 1024 * 1024};

// After a failed accept, for example if there are no file descriptors: long enough to avoid a busy loop.
constexpr auto ACCEPT_RETRY{10 * kj::MILLISECONDS};

// One client: its stream, its RPC state, and its Connection. The destructor disconnects the Connection first.
class Session
{
public:
    Session(Node& node, kj::Own<kj::AsyncIoStream> stream)
        : m_stream{kj::heap<stream::BufferedStream>(kj::mv(stream), stream::Writes::DIRECT)},
          m_connection{kj::refcounted<Connection>(node)}, m_network{*m_stream, capnp::rpc::twoparty::Side::SERVER},
          m_rpc{capnp::makeRpcServer(m_network, capnp::Capability::Client{kj::heap<InitServer>(*m_connection)})}
    {
        m_rpc.setFlowLimit(FLOW_LIMIT_WORDS);
    }
    ~Session() { m_connection->Disconnect(); }

    kj::Promise<void> OnDisconnect() { return m_network.onDisconnect(); }

private:
    kj::Own<kj::AsyncIoStream> m_stream;
    kj::Own<Connection> m_connection;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
};

} // namespace

Server::Server(Node& node, kj::LowLevelAsyncIoProvider& io, kj::Timer& timer)
    : m_node{node}, m_io{io}, m_timer{timer}, m_sessions{*this}
{
}

kj::Promise<void> Server::Listen(stream::ListenSocket& socket)
{
    auto receiver{m_io.wrapListenSocketFd(socket.TakeFd(), kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP |
                                                               kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC)};
    auto promise{AcceptNext(*receiver)};
    return promise.attach(kj::mv(receiver));
}

kj::Promise<void> Server::ServeSocket(int fd)
{
    return Serve(m_io.wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP));
}

kj::Promise<void> Server::AcceptNext(kj::ConnectionReceiver& receiver)
{
    return receiver.accept()
        .then(
            [this](kj::Own<kj::AsyncIoStream> stream) -> kj::Promise<void> {
                m_sessions.add(Serve(kj::mv(stream)));
                return kj::READY_NOW;
            },
            [this](kj::Exception&& error) {
                taskFailed(kj::mv(error));
                return m_timer.afterDelay(ACCEPT_RETRY);
            })
        .then([this, &receiver] { return AcceptNext(receiver); });
}

kj::Promise<void> Server::Serve(kj::Own<kj::AsyncIoStream> stream)
{
    auto session{kj::heap<Session>(m_node, kj::mv(stream))};
    auto promise{session->OnDisconnect()};
    return promise.attach(kj::mv(session));
}

void Server::taskFailed(kj::Exception&& error)
{
    std::fprintf(stderr, "model_node: %s\n", error.getDescription().cStr());
}

} // namespace mpfuzz::model_node
