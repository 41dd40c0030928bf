#include <fuzz_interface/libmultiprocess/sides_fixture.h>

#include <mpfuzz/base/testing/temporary_directory.h>
#include <mpfuzz/stream/unix_socket.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

namespace mpfuzz::fuzz_interface {
std::unique_ptr<FuzzInit> Sides::Connect()
{
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
    server->Serve(fds[0], *implementation);
    return client->Connect(fds[1]);
}

std::unique_ptr<FuzzInit> Sides::ConnectToListener()
{
    const base::TemporaryDirectory directory;
    const std::string path{directory.Path("socket")};
    auto socket = stream::ListenSocket::Open(path);
    EXPECT_TRUE(socket) << socket.GetError().message;
    server->Listen(socket->TakeFd(), *implementation);
    return client->Connect(*stream::ConnectUnix(path, std::chrono::seconds{10}));
}

} // namespace mpfuzz::fuzz_interface
