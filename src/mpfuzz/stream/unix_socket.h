#pragma once

#include <mpfuzz/base/result.h>

#include <chrono>
#include <string>
#include <utility>

namespace mpfuzz::stream {

//! A Unix socket that listens on a path. The destructor removes the path.
class ListenSocket
{
public:
    //! Creates a socket and listens on it. Replaces an existing socket at that path if no process listens on it. An
    //! error names the path and the problem.
    static base::Result<ListenSocket> Open(const std::string& path);

    ListenSocket(ListenSocket&& other) noexcept;
    ListenSocket& operator=(ListenSocket&& other) = delete;
    ~ListenSocket();

    //! The descriptor, non-blocking and close-on-exec. This object still owns it.
    int Fd() const { return m_fd; }
    //! Gives the descriptor to the caller, who then owns it. Call this at most once.
    int TakeFd() { return std::exchange(m_fd, -1); }

private:
    ListenSocket(std::string path, int fd) : m_path{std::move(path)}, m_fd{fd} {}

    std::string m_path; //!< empty after a move
    int m_fd;
};

//! True if a process listens on a Unix socket, even if its backlog is full.
bool IsListening(const std::string& path);

//! Connects to a Unix socket. If the server's backlog is full, tries again until the deadline.
//!
//! @return A descriptor, non-blocking and close-on-exec, that the caller owns. An error names the path and the
//!         problem: the path is too long, or no process listens there.
base::Result<int> ConnectUnix(const std::string& path, std::chrono::milliseconds deadline);

} // namespace mpfuzz::stream
