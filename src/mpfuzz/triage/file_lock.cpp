#include <mpfuzz/triage/file_lock.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mpfuzz::triage {

base::Result<std::optional<FileLock>> FileLock::TryTake(const std::string& path)
{
    const int fd{open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)};
    if (fd < 0) return base::Error{path + ": cannot be opened: " + std::strerror(errno)};
    FileLock lock{fd};
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return std::optional{std::move(lock)};
    if (errno == EWOULDBLOCK) return std::optional<FileLock>{};
    return base::Error{path + ": cannot be locked: " + std::strerror(errno)};
}

FileLock::FileLock(FileLock&& other) noexcept : m_fd{std::exchange(other.m_fd, -1)} {}

FileLock::~FileLock()
{
    if (m_fd >= 0) close(m_fd);
}

} // namespace mpfuzz::triage
