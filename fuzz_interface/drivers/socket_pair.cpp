#include <fuzz_interface/drivers/socket_pair.h>

#include <mpfuzz/base/check.h>

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace mpfuzz::fuzz_interface {

std::pair<int, int> SocketPair()
{
    std::array<int, 2> fds{};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) == 0, errno);
    return {fds[0], fds[1]};
}

} // namespace mpfuzz::fuzz_interface
