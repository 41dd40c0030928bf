#include <mpfuzz/base/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <ios>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace mpfuzz::base {
namespace {

Error SystemError(const std::string& what, const std::string& path)
{
    const int reason{errno};
    return {"cannot " + what + " " + path + ": " + std::strerror(reason)};
}

const char* KindOf(mode_t mode)
{
    if (S_ISDIR(mode)) return "a directory";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
    return "a special file";
}

Result<std::string> ReadDescriptor(int fd, const std::string& path)
{
    struct stat status;
    if (::fstat(fd, &status) != 0) return SystemError("read", path);
    if (!S_ISREG(status.st_mode)) return Error{path + ": is " + KindOf(status.st_mode) + ", not a regular file"};
    std::string content;
    char buffer[1 << 16];
    for (;;) {
        const ssize_t got{::read(fd, buffer, sizeof(buffer))};
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return SystemError("read", path);
        if (got == 0) return content;
        content.append(buffer, static_cast<size_t>(got));
        // Not st_size: the file may grow, and files of /proc have the size 0.
        if (content.size() > MAX_FILE_SIZE)
            return Error{path + ": is larger than " + std::to_string(MAX_FILE_SIZE >> 20) + " MiB"};
    }
}

} // namespace

Result<std::string> ReadFile(const std::string& path)
{
    // O_NONBLOCK: opening a FIFO would wait for a writer. What was opened is checked, so nobody can exchange the file
    // in between.
    const int fd{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (fd < 0) return SystemError("open", path);
    auto content{ReadDescriptor(fd, path)};
    ::close(fd);
    return content;
}

std::string ReadTail(const std::string& path, size_t max_bytes)
{
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    if (!file) return {};
    file.seekg(std::max<std::streamoff>(0, file.tellg() - static_cast<std::streamoff>(max_bytes)));
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace mpfuzz::base
