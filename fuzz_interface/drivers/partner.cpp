#include <fuzz_interface/drivers/partner.h>

#include <fuzz_interface/drivers/response_driver.h>
#include <fuzz_interface/drivers/socket_pair.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/implementation.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

using Clock = std::chrono::steady_clock;

// A sanitizer may need seconds for its report.
constexpr std::chrono::seconds ENDING_TIME{30};
constexpr std::chrono::milliseconds POLL{1};

struct Order {
    Partner::Role role{Partner::Role::SERVE};
    uint64_t seed{0};
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

bool Send(int control_fd, Order order, int fd)
{
    iovec content{&order, sizeof(order)};
    ControlBuffer control{};
    const msghdr message{MakeMessage(content, control)};
    cmsghdr* const header{CMSG_FIRSTHDR(&message)};
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    return sendmsg(control_fd, &message, MSG_NOSIGNAL) == ssize_t{sizeof(order)};
}

//! Nothing where the other end is closed.
std::optional<std::pair<Order, int>> Receive(int control_fd)
{
    Order order;
    iovec content{&order, sizeof(order)};
    ControlBuffer control{};
    msghdr message{MakeMessage(content, control)};
    ssize_t size;
    do {
        size = recvmsg(control_fd, &message, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    const cmsghdr* const header{CMSG_FIRSTHDR(&message)};
    if (size != ssize_t{sizeof(order)} || !header) return std::nullopt;
    int fd;
    std::memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    return std::pair{order, fd};
}

//! The other process's life.
//! @return Its exit status.
int Work(int control_fd, const Bugs& bugs)
{
    const auto implementation = MakeImplementation(bugs);
    auto loop = MakeLoop();
    int status{0};
    while (const auto received = Receive(control_fd)) {
        const auto& [order, fd] = *received;
        switch (order.role) {
        case Partner::Role::SERVE: loop->Serve(fd, *implementation); continue;
        case Partner::Role::LISTEN: loop->Listen(fd, *implementation); continue;
        case Partner::Role::CALL: break;
        }
        base::Rng rng{order.seed};
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

} // namespace

Partner::Partner(const Bugs& bugs)
{
    const auto [mine, theirs] = SocketPair();
    m_pid = fork();
    if (m_pid < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (m_pid == 0) {
        close(mine);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        std::exit(Work(theirs, bugs));
    }
    close(theirs);
    m_control = mine;
}

Partner::~Partner() { End(); }

bool Partner::Give(Role role, int fd, uint64_t seed)
{
    const bool given{Send(m_control, {.role = role, .seed = seed}, fd)};
    close(fd);
    return given;
}

std::string Partner::End()
{
    if (m_pid < 0) return "";
    close(m_control);
    const pid_t pid{std::exchange(m_pid, -1)};
    const auto until{Clock::now() + ENDING_TIME};
    int status{0};
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (Clock::now() > until) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return "did not end within " + std::to_string(ENDING_TIME.count()) + " s";
        }
        std::this_thread::sleep_for(POLL);
    }
    return DescribeExit(status);
}

} // namespace mpfuzz::fuzz_interface
