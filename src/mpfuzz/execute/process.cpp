#include <mpfuzz/execute/process.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mpfuzz::execute {
namespace {

//! In the child process: execute the program, or write errno to `report`. Makes only async-signal-safe calls.
[[noreturn]] void Execute(char* const* argv, char* const* envp, const char* directory, int log, int inherited,
                          int report, pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    for (int number{1}; number < NSIG; ++number) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // Allow a core file: if a signal ends the process without a log message, only the core file shows the stack.
    rlimit core{};
    getrlimit(RLIMIT_CORE, &core);
    core.rlim_cur = core.rlim_max;
    setrlimit(RLIMIT_CORE, &core);
    if (inherited >= 0) fcntl(inherited, F_SETFD, 0);
    const int null{open("/dev/null", O_RDONLY)};
    if (chdir(directory) == 0 && dup2(null, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0)
        execvpe(argv[0], argv, envp);
    const int error{errno};
    (void)!write(report, &error, sizeof(error));
    _exit(127);
}

std::vector<std::string> MergedEnvironment(const std::map<std::string, std::string>& added)
{
    std::vector<std::string> merged;
    for (char** entry{environ}; *entry; ++entry) {
        const std::string_view text{*entry};
        if (!added.contains(std::string{text.substr(0, text.find('='))})) merged.emplace_back(text);
    }
    for (const auto& [name, value] : added) merged.push_back(name + "=" + value);
    return merged;
}

std::vector<char*> Pointers(std::vector<std::string>& words)
{
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

base::Result<Process> Process::Spawn(const std::vector<std::string>& command,
                                     const std::map<std::string, std::string>& environment,
                                     const std::string& directory, const std::string& log, int inherited)
{
    CHECK(!command.empty());
    std::vector<std::string> words{command};
    std::vector<std::string> variables{MergedEnvironment(environment)};
    const std::vector<char*> argv{Pointers(words)};
    const std::vector<char*> envp{Pointers(variables)};
    const int log_fd{open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)};
    if (log_fd < 0) return base::Error{log + ": cannot be written: " + std::strerror(errno)};
    int report[2];
    CHECK(pipe2(report, O_CLOEXEC) == 0, std::strerror(errno));

    const pid_t parent{getpid()};
    const pid_t pid{fork()};
    if (pid == 0) Execute(argv.data(), envp.data(), directory.c_str(), log_fd, inherited, report[1], parent);
    const int fork_error{errno};
    close(report[1]);
    close(log_fd);
    int error{0};
    const ssize_t got{pid < 0 ? 0 : read(report[0], &error, sizeof(error))};
    close(report[0]);
    if (pid < 0) return base::Error{"cannot start a process: " + std::string{std::strerror(fork_error)}};
    setpgid(pid, pid); // The child does this too, because either process may run first.
    if (got > 0) {
        waitpid(pid, nullptr, 0);
        return base::Error{command[0] + ": cannot be executed: " + std::strerror(error)};
    }
    const int pidfd{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
    CHECK(pidfd >= 0, std::strerror(errno));
    fcntl(pidfd, F_SETFD, FD_CLOEXEC);
    return Process{pid, pidfd};
}

Process::Process(Process&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)), m_pidfd(std::exchange(other.m_pidfd, -1)),
      m_exit(std::exchange(other.m_exit, {}))
{
}

Process& Process::operator=(Process&& other) noexcept
{
    std::swap(m_pid, other.m_pid);
    std::swap(m_pidfd, other.m_pidfd);
    std::swap(m_exit, other.m_exit);
    return *this;
}

Process::~Process()
{
    if (m_pid < 0) return;
    Kill();
    close(m_pidfd);
}

std::optional<Exit> Process::Poll()
{
    siginfo_t info{};
    if (!m_exit && waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid) {
        // Kill the group before reaping its leader: afterwards the number may belong to another group.
        kill(-m_pid, SIGKILL);
        Reap();
    }
    return m_exit;
}

void Process::Kill()
{
    if (m_exit) return;
    kill(-m_pid, SIGKILL);
    Reap();
}

void Process::Reap()
{
    int status{0};
    while (waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
    }
    m_exit = WIFSIGNALED(status) ? Exit{WTERMSIG(status), {}} : Exit{{}, WEXITSTATUS(status)};
}

} // namespace mpfuzz::execute
