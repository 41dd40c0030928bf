#pragma once

#include <mpfuzz/base/file.h>
#include <mpfuzz/base/result.h>

#include <string>
#include <string_view>

//! Functions that read and replace whole files. Errors name the path and the reason that the system gives.
namespace mpfuzz::triage {

using base::ReadFile;

//! Writes a new file, or replaces an existing one. It writes a temporary file in the same directory, flushes it to the
//! disk, and renames it. If any of this fails, an existing file is unchanged.
base::Status WriteFile(const std::string& path, std::string_view content, bool executable = false);

//! Flushes the entries of a directory to the disk.
base::Status SyncDirectory(const std::string& path);

//! An exclusive lock on a directory. It excludes only other processes that use this class.
class DirectoryLock
{
public:
    //! Waits until no other process has the lock.
    static base::Result<DirectoryLock> Take(const std::string& path);
    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&&) = delete;
    ~DirectoryLock();

private:
    explicit DirectoryLock(int fd) : m_fd{fd} {}
    int m_fd;
};

} // namespace mpfuzz::triage
