#pragma once

#include <mpfuzz/base/result.h>

#include <string>
#include <string_view>

//! Files that are replaced whole. Errors name the path and the system's reason.
namespace mpfuzz::triage {

//! The content of a file.
base::Result<std::string> ReadFile(const std::string& path);

//! Write a new file, or replace one: by way of a temporary file beside it, flushed to the disk before it
//! takes the name. Where that fails, what was there is still there.
base::Status WriteFile(const std::string& path, std::string_view content, bool executable = false);

//! Flush a directory's list of names to the disk.
base::Status SyncDirectory(const std::string& path);

//! Holds the exclusive right, among all processes that ask this way, to change what is in a directory.
class DirectoryLock
{
public:
    //! Waits for whoever holds it.
    static base::Result<DirectoryLock> Take(const std::string& path);
    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&&) = delete;
    ~DirectoryLock();

private:
    explicit DirectoryLock(int fd) : m_fd{fd} {}
    int m_fd;
};

} // namespace mpfuzz::triage
