#pragma once

#include <mpfuzz/base/result.h>

#include <optional>
#include <string>

namespace mpfuzz::triage {

//! An exclusive lock on a file. The kernel releases it when the process that took it has ended, and all processes that
//! it forked and that have not executed another program.
class FileLock
{
public:
    //! Creates the file if it is missing. Returns nullopt if another process has the lock. Does not wait.
    static base::Result<std::optional<FileLock>> TryTake(const std::string& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int fd) : m_fd{fd} {}
    int m_fd;
};

} // namespace mpfuzz::triage
