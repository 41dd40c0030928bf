#include <fuzz_interface/drivers/connector.h>

#include <fuzz_interface/drivers/response_driver.h>

#include <mpfuzz/base/check.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mpfuzz::fuzz_interface {
namespace {

using Clock = std::chrono::steady_clock;

// A sanitizer may need several seconds to write its report.
constexpr std::chrono::seconds CONNECT_DEADLINE{30};
constexpr std::chrono::seconds SHUTDOWN_DEADLINE{30};
constexpr std::chrono::milliseconds POLL{1};

//! What the child process does with a socket that it gets.
enum class Role : uint8_t {
    SERVE,  //!< be the server on a connected socket
    LISTEN, //!< be the server for all clients that connect to a listening socket
    CALL,   //!< be a client on a connected socket that makes arbitrary calls; see DriveClient
};

//! Sent to the child process together with a socket.
struct Task {
    Role role{Role::SERVE};
    uint64_t seed{0}; //!< of the calls, for Role::CALL
};

union ControlBuffer {
    char bytes[CMSG_SPACE(sizeof(int))];
    cmsghdr alignment;
};

msghdr MakeMessage(iovec& content, ControlBuffer& control)
{
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof(control.bytes);
    return message;
}

bool SendTask(int control_fd, Task task, int fd)
{
    iovec content{&task, sizeof(task)};
    ControlBuffer control{};
    const msghdr message{MakeMessage(content, control)};
    cmsghdr* const header{CMSG_FIRSTHDR(&message)};
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    return sendmsg(control_fd, &message, MSG_NOSIGNAL) == ssize_t{sizeof(task)};
}

//! Returns nullopt if the parent has closed its end.
std::optional<std::pair<Task, int>> ReceiveTask(int control_fd)
{
    Task task;
    iovec content{&task, sizeof(task)};
    ControlBuffer control{};
    msghdr message{MakeMessage(content, control)};
    ssize_t size;
    do {
        size = recvmsg(control_fd, &message, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    const cmsghdr* const header{CMSG_FIRSTHDR(&message)};
    if (size != ssize_t{sizeof(task)} || !header) return std::nullopt;
    int fd;
    std::memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    return std::pair{task, fd};
}

//! The child process's main function.
//! @return Its exit status.
int ChildMain(int control_fd, const Bugs& bugs)
{
    const auto implementation = MakeImplementation(bugs);
    auto loop = MakeLoop();
    int status{0};
    while (const auto received = ReceiveTask(control_fd)) {
        const auto& [task, fd] = *received;
        switch (task.role) {
        case Role::SERVE: loop->Serve(fd, *implementation); continue;
        case Role::LISTEN: loop->Listen(fd, *implementation); continue;
        case Role::CALL: break;
        }
        base::Rng rng{task.seed};
        Choices choices{rng};
        if (const auto failure{DriveClient(*loop, fd, choices, {})}) {
            std::fprintf(stderr, "%s\n", failure->text.c_str());
            status = 1;
            break;
        }
    }
    implementation->Close();
    loop.reset();
    return status;
}

std::string DescribeExit(int status)
{
    if (WIFSIGNALED(status)) return "ended with signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) != 0) return "ended with status " + std::to_string(WEXITSTATUS(status));
    return "";
}

std::string MakeDirectory()
{
    std::string path{(std::filesystem::temp_directory_path() / "fuzz-interface-XXXXXX").string()};
    if (!mkdtemp(path.data())) throw std::system_error{errno, std::generic_category(), path};
    return path;
}

std::string ClientSocketPath(const std::string& directory) { return directory + "/calling"; }

stream::ListenSocket Listen(const std::string& path)
{
    auto socket{stream::ListenSocket::Open(path)};
    if (!socket) throw std::runtime_error{socket.GetError().message};
    return std::move(*socket);
}

int ConnectTo(const std::string& path)
{
    const auto fd{stream::ConnectUnix(path, CONNECT_DEADLINE)};
    if (!fd) throw std::runtime_error{fd.GetError().message};
    return *fd;
}

} // namespace

//! A fork of this process with its own event loop. It gets its sockets from the parent, one with each Task.
class ChildProcess
{
public:
    //! Must be called while this process has only one thread.
    //! @throw std::system_error
    explicit ChildProcess(const Bugs& bugs)
    {
        const auto [ours, theirs] = SocketPair();
        m_pid = fork();
        if (m_pid < 0) throw std::system_error{errno, std::generic_category(), "fork"};
        if (m_pid == 0) {
            close(ours);
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            std::exit(ChildMain(theirs, bugs));
        }
        close(theirs);
        m_control = ours;
    }
    ~ChildProcess() { Stop(); }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    //! @param fd  This function closes it.
    //! @return False if the child has ended.
    bool Send(Task task, int fd)
    {
        const bool sent{SendTask(m_control, task, fd)};
        close(fd);
        return sent;
    }

    //! @param ends  The child's end of a connection, and ours.
    //! @return Our end, or -1 if the child has ended.
    int SendEnd(Task task, std::pair<int, int> ends)
    {
        if (Send(task, ends.first)) return ends.second;
        close(ends.second);
        return -1;
    }

    //! Asks the child to close its connections and to end. Kills it after the deadline.
    //! @return How it ended if it crashed, failed, or had to be killed; otherwise empty.
    std::string Stop()
    {
        if (m_pid < 0) return "";
        close(m_control);
        const pid_t pid{std::exchange(m_pid, -1)};
        const auto until{Clock::now() + SHUTDOWN_DEADLINE};
        int status{0};
        while (waitpid(pid, &status, WNOHANG) == 0) {
            if (Clock::now() > until) {
                kill(pid, SIGKILL);
                waitpid(pid, &status, 0);
                return "did not end within " + std::to_string(SHUTDOWN_DEADLINE.count()) + " s";
            }
            std::this_thread::sleep_for(POLL);
        }
        return DescribeExit(status);
    }

private:
    int m_control{-1};
    pid_t m_pid{-1};
};

std::pair<int, int> SocketPair()
{
    std::array<int, 2> fds{};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) == 0, errno);
    return {fds[0], fds[1]};
}

Connector::Connector(Transport transport, const Bugs& bugs)
{
    if (transport == Transport::PROCESS) {
        m_implementation = MakeImplementation(bugs);
    } else {
        m_child = std::make_unique<ChildProcess>(bugs);
    }
    if (transport == Transport::UNIX) {
        m_directory = MakeDirectory();
        m_path = m_directory + "/serving";
        m_server_socket.emplace(Listen(m_path));
        m_client_socket.emplace(Listen(ClientSocketPath(m_directory)));
        m_child->Send({.role = Role::LISTEN}, dup(m_server_socket->Fd()));
    }
}

Connector::Connector(std::string path) : m_path{std::move(path)} {}

Connector::~Connector()
{
    if (m_implementation) m_implementation->Close();
    m_loop.reset();
    m_child.reset();
    m_server_socket.reset();
    m_client_socket.reset();
    if (!m_directory.empty()) rmdir(m_directory.c_str());
}

Loop& Connector::GetLoop()
{
    std::call_once(m_loop_needed, [this] { m_loop = MakeLoop(); });
    return *m_loop;
}

std::unique_ptr<FuzzInit> Connector::Connect()
{
    return m_implementation ? GetLoop().Pipe(*m_implementation) : GetLoop().Connect(ConnectSocket());
}

int Connector::ConnectSocket()
{
    if (!m_path.empty()) return ConnectTo(m_path);
    if (m_child) {
        const int fd{m_child->SendEnd({.role = Role::SERVE}, SocketPair())};
        if (fd < 0) throw std::runtime_error{"the server's process has ended"};
        return fd;
    }
    const auto [server, client] = SocketPair();
    GetLoop().Serve(server, *m_implementation);
    return client;
}

int Connector::StartRemoteClient(uint64_t seed)
{
    if (!m_child) return -1;
    const Task task{.role = Role::CALL, .seed = seed};
    if (!m_client_socket) return m_child->SendEnd(task, SocketPair());
    const int theirs{ConnectTo(ClientSocketPath(m_directory))};
    const int ours{accept4(m_client_socket->Fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    return m_child->SendEnd(task, {theirs, ours});
}

std::string Connector::StopChild() { return m_child ? m_child->Stop() : ""; }

} // namespace mpfuzz::fuzz_interface
