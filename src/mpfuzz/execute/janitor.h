#pragma once

#include <sys/types.h>

#include <string>

namespace mpfuzz::execute {

//! A small child process that cleans up after its parent has ended, even if the parent was killed. It kills the process
//! groups and removes the directories that are registered at that time. If the child itself is killed, nothing is
//! cleaned up.
//!
//! The constructor forks, so create it while the process has only one thread.
class Janitor
{
public:
    Janitor();
    //! Cleans up everything that is still registered.
    ~Janitor();
    Janitor(const Janitor&) = delete;
    Janitor& operator=(const Janitor&) = delete;

    void AddDirectory(const std::string& path) { Send('D', path); }
    void RemoveDirectory(const std::string& path) { Send('d', path); }
    void AddGroup(pid_t group) { Send('G', std::to_string(group)); }
    void RemoveGroup(pid_t group) { Send('g', std::to_string(group)); }

private:
    void Send(char command, const std::string& subject);

    int m_fd{-1};
    pid_t m_pid{-1};
};

} // namespace mpfuzz::execute
