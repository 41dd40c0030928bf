#include <fuzz_interface/libmultiprocess/sides_fixture.h>

#include <mpfuzz/stream/unix_socket.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <string>

namespace mpfuzz::fuzz_interface {
namespace {

int ConnectTo(const std::string& path)
{
    const int fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return fd;
}

} // namespace

std::unique_ptr<FuzzInit> Sides::Connect()
{
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
    server->Serve(fds[0], *implementation);
    return client->Connect(fds[1]);
}

std::unique_ptr<FuzzInit> Sides::ConnectToListener()
{
    const std::string path{testing::TempDir() + "sides_" + std::to_string(::getpid())};
    auto socket = stream::ListenSocket::Open(path);
    EXPECT_TRUE(socket) << socket.GetError().message;
    server->Listen(socket->TakeFd(), *implementation);
    return client->Connect(ConnectTo(path));
}

} // namespace mpfuzz::fuzz_interface
