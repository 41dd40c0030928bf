#include <mpfuzz/execute/janitor.h>

#include <mpfuzz/base/check.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>

namespace mpfuzz::execute {
namespace {

//! Close inherited descriptors. As long as this process keeps the end of a pipe open, the reader at the other end sees
//! no end of file.
void CloseAllBut(int keep)
{
    const int limit{static_cast<int>(sysconf(_SC_OPEN_MAX))};
    for (int fd{0}; fd < std::min(limit, 65'536); ++fd) {
        if (fd != keep) close(fd);
    }
}

//! Read the registrations until the parent process has ended, then clean up.
[[noreturn]] void Serve(int fd)
{
    setsid();
    signal(SIGPIPE, SIG_IGN);
    CloseAllBut(fd);
    prctl(PR_SET_NAME, "mpfuzz-janitor");
    std::set<std::string> directories;
    std::set<pid_t> groups;
    std::string pending;
    char buffer[4096];
    for (;;) {
        const ssize_t n{read(fd, buffer, sizeof(buffer))};
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        pending.append(buffer, static_cast<size_t>(n));
        for (size_t end; (end = pending.find('\0')) != std::string::npos; pending.erase(0, end + 1)) {
            const std::string subject{pending.substr(1, end - 1)};
            switch (pending[0]) {
            case 'D': directories.insert(subject); break;
            case 'd': directories.erase(subject); break;
            case 'G': groups.insert(std::stoi(subject)); break;
            case 'g': groups.erase(std::stoi(subject)); break;
            }
        }
    }
    for (const pid_t group : groups) kill(-group, SIGKILL);
    // A dying process may still write files. Then removing its directory fails and must be tried again.
    for (int tries{0}; tries < 100 && !directories.empty(); ++tries) {
        if (tries > 0) usleep(20'000);
        std::erase_if(directories, [](const std::string& path) {
            std::error_code error;
            std::filesystem::remove_all(path, error);
            return !error;
        });
    }
    _exit(0);
}

} // namespace

Janitor::Janitor()
{
    int fds[2];
    CHECK(pipe2(fds, O_CLOEXEC) == 0, std::strerror(errno));
    m_pid = fork();
    CHECK(m_pid >= 0, std::strerror(errno));
    if (m_pid == 0) {
        close(fds[1]);
        Serve(fds[0]);
    }
    close(fds[0]);
    m_fd = fds[1];
}

Janitor::~Janitor()
{
    close(m_fd);
    waitpid(m_pid, nullptr, 0);
}

void Janitor::Send(char command, const std::string& subject)
{
    std::string line{command};
    line += subject;
    line += '\0';
    // At most PIPE_BUF bytes, so that the write is atomic.
    CHECK(line.size() <= 4096, subject);
    while (write(m_fd, line.data(), line.size()) < 0 && errno == EINTR) {
    }
}

} // namespace mpfuzz::execute
