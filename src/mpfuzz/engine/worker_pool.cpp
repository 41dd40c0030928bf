#include <mpfuzz/engine/worker_pool.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/file.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace mpfuzz::engine {
namespace {

constexpr size_t LOG_TAIL_BYTES{2'000};

//! In the worker process: leave the process group of the terminal, and make the kernel kill this process when the
//! parent ends.
void Detach(pid_t parent, const std::string& log)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    signal(SIGINT, SIG_IGN);
    const int fd{open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)};
    if (fd < 0) return;
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
}

} // namespace

WorkerPool::WorkerPool(std::function<void(unsigned, int)> work, std::string logs)
    : m_work{std::move(work)}, m_logs{std::move(logs)}
{
}

WorkerPool::~WorkerPool()
{
    Signal(SIGKILL);
    for (const Member& member : m_members) Reap(member);
}

std::string WorkerPool::LogPath(unsigned worker) const { return m_logs + "/worker-" + std::to_string(worker) + ".log"; }

void WorkerPool::Start(unsigned worker)
{
    int fds[2];
    CHECK(pipe2(fds, O_CLOEXEC) == 0, std::strerror(errno));
    // Otherwise both processes would write the content of the buffers.
    std::fflush(nullptr);
    const pid_t parent{getpid()};
    const pid_t pid{fork()};
    CHECK(pid >= 0, std::strerror(errno));
    if (pid == 0) {
        close(fds[0]);
        for (const Member& other : m_members) close(other.pipe);
        Detach(parent, LogPath(worker));
        m_work(worker, fds[1]);
        CHECK(false, "a worker returned", worker);
    }
    close(fds[1]);
    setpgid(pid, pid); // The child does this too, because either process may run first.
    m_members.push_back({worker, pid, fds[0], {}});
}

void WorkerPool::Wait(std::chrono::milliseconds at_most,
                      const std::function<void(unsigned, std::string_view)>& on_message,
                      const std::function<void(const WorkerEnd&)>& on_end)
{
    std::vector<pollfd> fds;
    for (const Member& member : m_members) fds.push_back({member.pipe, POLLIN, 0});
    if (poll(fds.data(), fds.size(), static_cast<int>(at_most.count())) <= 0) return;
    std::vector<WorkerEnd> ends;
    for (size_t i{fds.size()}; i-- > 0;) {
        if (fds[i].revents == 0 || Read(m_members[i], on_message)) continue;
        ends.push_back(Reap(m_members[i]));
        m_members.erase(m_members.begin() + static_cast<std::ptrdiff_t>(i));
    }
    // Last, because the function may start a new worker.
    for (const WorkerEnd& end : ends) on_end(end);
}

bool WorkerPool::Read(Member& member, const std::function<void(unsigned, std::string_view)>& on_message)
{
    char buffer[65'536];
    const ssize_t n{read(member.pipe, buffer, sizeof(buffer))};
    if (n < 0 && errno == EINTR) return true;
    if (n <= 0) return false;
    member.pending.append(buffer, static_cast<size_t>(n));
    size_t begin{0};
    for (size_t end; (end = member.pending.find('\0', begin)) != std::string::npos; begin = end + 1) {
        on_message(member.worker, std::string_view{member.pending}.substr(begin, end - begin));
    }
    member.pending.erase(0, begin);
    return true;
}

WorkerEnd WorkerPool::Reap(const Member& member)
{
    close(member.pipe);
    int status{0};
    while (waitpid(member.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return {member.worker, -1, WTERMSIG(status)};
    return {member.worker, WEXITSTATUS(status), 0};
}

bool WorkerPool::Contains(unsigned worker) const { return std::ranges::count(m_members, worker, &Member::worker) > 0; }

size_t WorkerPool::CountFrom(unsigned first) const
{
    return static_cast<size_t>(
        std::ranges::count_if(m_members, [first](const Member& member) { return member.worker >= first; }));
}

void WorkerPool::Signal(unsigned worker, int number)
{
    for (const Member& member : m_members) {
        if (member.worker == worker) kill(member.pid, number);
    }
}

void WorkerPool::Signal(int number)
{
    for (const Member& member : m_members) kill(member.pid, number);
}

std::string WorkerPool::LogTail(unsigned worker) const { return base::ReadTail(LogPath(worker), LOG_TAIL_BYTES); }

} // namespace mpfuzz::engine
