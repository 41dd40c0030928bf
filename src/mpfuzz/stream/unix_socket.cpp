#include <mpfuzz/stream/unix_socket.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace mpfuzz::stream {
namespace {

base::Result<sockaddr_un> AddressOf(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path)) {
        return base::Error{path + ": the path of a Unix socket must have 1 to " +
                           std::to_string(sizeof(address.sun_path) - 1) + " bytes, but this one has " +
                           std::to_string(path.size())};
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

base::Result<int> MakeSocket()
{
    const int fd{socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (fd < 0) return base::Error{std::string{"cannot make a socket: "} + std::strerror(errno)};
    return fd;
}

bool ConnectOnce(int fd, const sockaddr_un& address)
{
    return connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

//! 0 if a process listens there, also if its backlog is full. Otherwise the error number of connecting.
int TryConnect(const sockaddr_un& address)
{
    const auto fd{MakeSocket()};
    if (!fd) return EMFILE;
    const int error{ConnectOnce(*fd, address) || errno == EAGAIN ? 0 : errno};
    close(*fd);
    return error;
}

//! True if the path is a socket on which no process listens.
bool IsStale(const sockaddr_un& address)
{
    struct stat status;
    if (lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
    return TryConnect(address) == ECONNREFUSED;
}

} // namespace

bool IsListening(const std::string& path)
{
    const auto address{AddressOf(path)};
    return address && TryConnect(*address) == 0;
}

base::Result<ListenSocket> ListenSocket::Open(const std::string& path)
{
    const auto address{AddressOf(path)};
    if (!address) return address.GetError();
    const auto fd{MakeSocket()};
    if (!fd) return fd.GetError();
    const auto try_bind{[&] { return bind(*fd, reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) == 0; }};
    bool bound{try_bind()};
    if (!bound && errno == EADDRINUSE && IsStale(*address)) {
        unlink(path.c_str());
        bound = try_bind();
    }
    if (!bound || listen(*fd, SOMAXCONN) != 0) {
        const std::string problem{std::strerror(errno)};
        close(*fd);
        return base::Error{path + ": cannot listen there: " + problem};
    }
    return ListenSocket{path, *fd};
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : m_path{std::exchange(other.m_path, {})}, m_fd{other.TakeFd()}
{
}

ListenSocket::~ListenSocket()
{
    if (m_fd >= 0) close(m_fd);
    if (!m_path.empty()) unlink(m_path.c_str());
}

base::Result<int> ConnectUnix(const std::string& path, std::chrono::milliseconds deadline)
{
    const auto address{AddressOf(path)};
    if (!address) return address.GetError();
    const auto fd{MakeSocket()};
    if (!fd) return fd.GetError();
    const auto end{std::chrono::steady_clock::now() + deadline};
    while (!ConnectOnce(*fd, *address)) {
        const int error{errno};
        if (error == EINTR) continue;
        // The backlog is full.
        if (error == EAGAIN && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
            continue;
        }
        close(*fd);
        return base::Error{path + ": nobody listens there: " + std::strerror(error)};
    }
    return *fd;
}

} // namespace mpfuzz::stream
