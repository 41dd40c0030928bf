#include "targets/model_node/server.h"

#include <mpfuzz/stream/buffered_stream.h>

#include "targets/model_node/connection.h"
#include "targets/model_node/init_server.h"

#include <capnp/rpc-twoparty.h>
#include <kj/debug.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace mpfuzz::model_node {
namespace {

// Guess: parameters of unanswered calls beyond this stop the reading of more (in words: 256 MiB).
constexpr size_t FLOW_LIMIT_WORDS{32 * 1024 * 1024};

// After a failed accept, such as for want of descriptors: long enough not to spin.
constexpr auto ACCEPT_RETRY{10 * kj::MILLISECONDS};

sockaddr_un MakeAddress(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path)) {
        throw std::runtime_error{"the socket's path must have from 1 to 107 bytes: " + path};
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

int MakeSocket()
{
    const int fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (fd < 0) throw std::runtime_error{std::string{"cannot make a socket: "} + std::strerror(errno)};
    return fd;
}

bool Bind(int fd, const sockaddr_un& address)
{
    return bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

// Whether `address` is a socket that nobody listens on.
bool IsStale(const sockaddr_un& address)
{
    struct stat status;
    if (lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
    const int fd{MakeSocket()};
    const bool refused{connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
                       errno == ECONNREFUSED};
    close(fd);
    return refused;
}

// One client: its stream, its RPC state, and its Connection. Going, it tells the Connection first.
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

ListenSocket::ListenSocket(const std::string& path) : m_path{path}
{
    const sockaddr_un address{MakeAddress(path)};
    m_fd = MakeSocket();
    bool bound{Bind(m_fd, address)};
    if (!bound && errno == EADDRINUSE && IsStale(address)) {
        unlink(path.c_str());
        bound = Bind(m_fd, address);
    }
    if (!bound || listen(m_fd, SOMAXCONN) != 0) {
        const std::string problem{std::strerror(errno)};
        close(m_fd);
        throw std::runtime_error{"cannot listen on " + path + ": " + problem};
    }
}

ListenSocket::~ListenSocket()
{
    if (m_fd >= 0) close(m_fd);
    unlink(m_path.c_str());
}

int ListenSocket::TakeFd() { return std::exchange(m_fd, -1); }

Server::Server(Node& node, kj::LowLevelAsyncIoProvider& io, kj::Timer& timer)
    : m_node{node}, m_io{io}, m_timer{timer}, m_sessions{*this}
{
}

kj::Promise<void> Server::Listen(ListenSocket& socket)
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
