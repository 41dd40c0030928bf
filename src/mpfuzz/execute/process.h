#pragma once

#include <mpfuzz/base/result.h>

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::execute {

//! How a process ended. Exactly one of the two members is set.
struct Exit {
    std::optional<int> signal;
    std::optional<int> status;
};

//! A child process in a process group of its own. The kernel kills it when this process ends.
class Process
{
public:
    //! @param command      Program (looked up in PATH) and arguments.
    //! @param environment  Variables added to our environment.
    //! @param directory    Working directory.
    //! @param log          File to which standard output and standard error are appended.
    //! @param inherited    Descriptor that the child inherits under the same number, besides 0 to 2; -1 for none.
    //! @return An error that names the program if it cannot be executed.
    static base::Result<Process> Spawn(const std::vector<std::string>& command,
                                       const std::map<std::string, std::string>& environment,
                                       const std::string& directory, const std::string& log, int inherited = -1);

    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    //! Kills the process group and waits for the child.
    ~Process();

    pid_t Pid() const { return m_pid; }
    //! A pidfd. It becomes readable when the process ends.
    int PidFd() const { return m_pidfd; }

    //! How the process ended; nullopt if it still runs. Does not wait.
    std::optional<Exit> Poll();
    //! Kill the whole process group with SIGKILL and wait for the child.
    void Kill();

private:
    Process(pid_t pid, int pidfd) : m_pid{pid}, m_pidfd{pidfd} {}
    void Reap();

    pid_t m_pid{-1};
    int m_pidfd{-1};
    std::optional<Exit> m_exit;
};

} // namespace mpfuzz::execute
