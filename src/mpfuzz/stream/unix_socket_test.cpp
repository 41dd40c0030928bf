#include <mpfuzz/stream/unix_socket.h>

#include <mpfuzz/base/testing/temporary_directory.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace mpfuzz::stream {
namespace {

using testing::HasSubstr;

constexpr std::chrono::milliseconds NO_WAIT{0};

TEST(UnixSocket, ConnectsWhileASocketListensAndOnlyThen)
{
    const base::TemporaryDirectory directory;
    const std::string path{directory.Path("socket")};
    std::optional<ListenSocket> socket;
    {
        auto opened{ListenSocket::Open(path)};
        ASSERT_TRUE(opened) << opened.GetError().message;
        socket.emplace(std::move(*opened));
    }
    const auto fd{ConnectUnix(path, NO_WAIT)};
    ASSERT_TRUE(fd) << fd.GetError().message;
    const int accepted{accept4(socket->Fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    EXPECT_GE(accepted, 0);
    close(accepted);
    close(*fd);

    socket.reset();
    EXPECT_FALSE(std::filesystem::exists(path));
    const auto late{ConnectUnix(path, NO_WAIT)};
    ASSERT_FALSE(late);
    EXPECT_THAT(late.GetError().message, HasSubstr(path + ": nobody listens there: No such file"));
}

TEST(UnixSocket, ReplacesASocketOnWhichNoProcessListens)
{
    const base::TemporaryDirectory directory;
    const std::string path{directory.Path("socket")};
    auto first{ListenSocket::Open(path)};
    ASSERT_TRUE(first);
    EXPECT_FALSE(ListenSocket::Open(path)) << "it is in use";
    // The path still exists, as after a process was killed.
    close(first->TakeFd());
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_TRUE(ListenSocket::Open(path));
}

TEST(UnixSocket, NamesAPathThatIsTooLong)
{
    const std::string path(200, 'x');
    for (const std::string& message :
         {ConnectUnix(path, NO_WAIT).GetError().message, ListenSocket::Open(path).GetError().message}) {
        EXPECT_THAT(message, HasSubstr("must have 1 to 107 bytes, but this one has 200"));
    }
}

TEST(UnixSocket, IsListeningAsLongAsAProcessListens)
{
    const base::TemporaryDirectory directory;
    const std::string path{directory.Path("socket")};
    EXPECT_FALSE(IsListening(path));
    std::vector<int> clients;
    {
        const auto socket{ListenSocket::Open(path)};
        ASSERT_TRUE(socket);
        EXPECT_TRUE(IsListening(path));
        listen(socket->Fd(), /*backlog=*/0);
        while (const auto fd{ConnectUnix(path, NO_WAIT)}) clients.push_back(*fd);
        EXPECT_TRUE(IsListening(path)) << "its backlog is full";
    }
    EXPECT_FALSE(IsListening(path));
    for (const int fd : clients) close(fd);
}

} // namespace
} // namespace mpfuzz::stream
