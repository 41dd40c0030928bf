#pragma once

#include <mpfuzz/base/result.h>

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::execute {

//! How a process ended: exactly one of the two is set.
struct Exit {
    std::optional<int> signal;
    std::optional<int> status;
};

//! A child process in a process group of its own that dies with us.
class Process
{
public:
    //! @param command      Program (looked up in PATH) and arguments.
    //! @param environment  Added to ours.
    //! @param directory    Where it runs.
    //! @param log          File that its standard output and error are appended to.
    //! @param inherited    Descriptor that it gets under the same number, besides the standard ones; -1 for none.
    //! @return An error that names the program where it cannot be executed.
    static base::Result<Process> Spawn(const std::vector<std::string>& command,
                                       const std::map<std::string, std::string>& environment,
                                       const std::string& directory, const std::string& log, int inherited = -1);

    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    //! Kills the group and waits for the child.
    ~Process();

    pid_t Pid() const { return m_pid; }
    //! A pidfd: readable once the process has ended.
    int PidFd() const { return m_pidfd; }

    //! How it ended, where it has. Does not wait.
    std::optional<Exit> Poll();
    //! Kill the whole group with SIGKILL and wait for the child.
    void Kill();

private:
    Process(pid_t pid, int pidfd) : m_pid{pid}, m_pidfd{pidfd} {}
    void Reap();

    pid_t m_pid{-1};
    int m_pidfd{-1};
    std::optional<Exit> m_exit;
};

} // namespace mpfuzz::execute
