#include <mpfuzz/triage/files.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mpfuzz::triage {
namespace {

//! An owned file descriptor. Close() returns false on an error: some file systems report a full disk only then.
class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd{fd} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { Close(); }
    explicit operator bool() const { return m_fd >= 0; }
    int Get() const { return m_fd; }
    bool Close() { return m_fd < 0 || ::close(std::exchange(m_fd, -1)) == 0; }

private:
    int m_fd;
};

base::Error SystemError(std::string_view what, const std::string& path)
{
    const int reason{errno};
    return {"cannot " + std::string{what} + " " + path + ": " + std::strerror(reason)};
}

bool WriteAll(int fd, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written{::write(fd, content.data(), content.size())};
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<size_t>(written));
    }
    return true;
}

} // namespace

base::Status WriteFile(const std::string& path, std::string_view content, bool executable)
{
    std::string temporary{path + ".XXXXXX"};
    Descriptor file{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (!file) return SystemError("write", path);
    // mkostemp makes files that only their owner can read, but others should be able to read findings.
    const mode_t mode{executable ? 0755U : 0644U};
    const bool written{::fchmod(file.Get(), mode) == 0 && WriteAll(file.Get(), content) && ::fsync(file.Get()) == 0 &&
                       file.Close() && ::rename(temporary.c_str(), path.c_str()) == 0};
    if (written) return base::Ok();
    const base::Error error{SystemError("write", path)};
    ::unlink(temporary.c_str());
    return error;
}

base::Status SyncDirectory(const std::string& path)
{
    const Descriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory || ::fsync(directory.Get()) != 0) return SystemError("sync", path);
    return base::Ok();
}

base::Result<DirectoryLock> DirectoryLock::Take(const std::string& path)
{
    const int fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (fd < 0) return SystemError("open", path);
    DirectoryLock lock{fd};
    while (::flock(fd, LOCK_EX) != 0) {
        if (errno != EINTR) return SystemError("lock", path);
    }
    return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : m_fd{std::exchange(other.m_fd, -1)} {}

DirectoryLock::~DirectoryLock()
{
    if (m_fd >= 0) ::close(m_fd);
}

} // namespace mpfuzz::triage
