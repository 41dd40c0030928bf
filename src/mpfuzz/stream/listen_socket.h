#pragma once

#include <mpfuzz/base/result.h>

#include <string>
#include <utility>

namespace mpfuzz::stream {

//! A Unix socket that listens on a path. The path goes when this does.
class ListenSocket
{
public:
    //! Replaces a socket at that path that nobody listens on. An error names the path and what is wrong with it.
    static base::Result<ListenSocket> Open(const std::string& path);

    ListenSocket(ListenSocket&& other) noexcept;
    ListenSocket& operator=(ListenSocket&& other) = delete;
    ~ListenSocket();

    //! Non-blocking and close-on-exec; stays ours.
    int Fd() const { return m_fd; }
    //! Pass on the descriptor, once.
    int TakeFd() { return std::exchange(m_fd, -1); }

private:
    ListenSocket(std::string path, int fd) : m_path{std::move(path)}, m_fd{fd} {}

    std::string m_path; //!< empty: moved from
    int m_fd;
};

} // namespace mpfuzz::stream
