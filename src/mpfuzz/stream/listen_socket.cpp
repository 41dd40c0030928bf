#include <mpfuzz/stream/listen_socket.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mpfuzz::stream {
namespace {

int MakeSocket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

//! A socket that a process left behind.
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

} // namespace

base::Result<ListenSocket> ListenSocket::Open(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path)) {
        return base::Error{path + ": the path of a Unix socket may have 1 to " +
                           std::to_string(sizeof(address.sun_path) - 1) + " bytes, and this has " +
                           std::to_string(path.size())};
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd{MakeSocket()};
    if (fd < 0) return base::Error{std::string{"cannot make a socket: "} + std::strerror(errno)};
    const auto bound{[&] { return bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0; }};
    bool ours{bound()};
    if (!ours && errno == EADDRINUSE && IsStale(address)) {
        unlink(path.c_str());
        ours = bound();
    }
    if (!ours || listen(fd, SOMAXCONN) != 0) {
        const std::string problem{std::strerror(errno)};
        close(fd);
        return base::Error{path + ": cannot listen there: " + problem};
    }
    return ListenSocket{path, fd};
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

} // namespace mpfuzz::stream
