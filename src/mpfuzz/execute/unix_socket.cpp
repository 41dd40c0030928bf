#include <mpfuzz/execute/target.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace mpfuzz::execute {

base::Result<int> ConnectUnix(const std::string& path, std::chrono::milliseconds deadline)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) {
        return base::Error{path + ": the path of a Unix socket may have " +
                           std::to_string(sizeof(address.sun_path) - 1) + " bytes, and this has " +
                           std::to_string(path.size())};
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd{socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (fd < 0) return base::Error{std::string{"cannot make a socket: "} + std::strerror(errno)};
    const auto end{std::chrono::steady_clock::now() + deadline};
    while (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) < 0) {
        const int error{errno};
        if (error == EINTR) continue;
        if (error == EAGAIN && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
            continue;
        }
        close(fd);
        return base::Error{path + ": nobody listens there: " + std::strerror(error)};
    }
    return fd;
}

} // namespace mpfuzz::execute
