#pragma once

#include <sys/types.h>

#include <string>

namespace mpfuzz::execute {

//! A small process of ours that cleans up when we are gone, however we went: it kills the process groups
//! and removes the directories that were registered and not taken back. It is not there to be killed itself.
//!
//! Make it early, while the process has one thread.
class Janitor
{
public:
    Janitor();
    //! Everything still registered is cleaned up now.
    ~Janitor();
    Janitor(const Janitor&) = delete;
    Janitor& operator=(const Janitor&) = delete;

    void AddDirectory(const std::string& path) { Tell('D', path); }
    void RemoveDirectory(const std::string& path) { Tell('d', path); }
    void AddGroup(pid_t group) { Tell('G', std::to_string(group)); }
    void RemoveGroup(pid_t group) { Tell('g', std::to_string(group)); }

private:
    void Tell(char what, const std::string& subject);

    int m_fd{-1};
    pid_t m_pid{-1};
};

} // namespace mpfuzz::execute
