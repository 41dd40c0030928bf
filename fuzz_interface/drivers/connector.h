// Connections between a driver and the other side: in the same process, in a child process, or in a server that
// runs already.
#pragma once

#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/bugs.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/stream/unix_socket.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mpfuzz::fuzz_interface {

//! Both ends of a connected stream socket. They are close-on-exec, and the caller closes them.
std::pair<int, int> SocketPair();

//! How a driver is connected with the other side.
enum class Transport : uint8_t {
    PROCESS,    //!< both are in one process, over a KJ pipe, or a socket pair if one end is not a binding
    SOCKETPAIR, //!< the other side is a child process; each connection is a socket pair
    UNIX,       //!< the other side is a child process, which listens on a Unix socket
};

class ChildProcess;

//! Starts the other side, and connects to it.
class Connector
{
public:
    //! Must be called while this process has only one thread, because it may fork. The loop's thread starts later, when
    //! it is needed.
    //! @param bugs  Switched on in the implementation on the other side.
    //! @throw std::runtime_error if something cannot be set up.
    Connector(Transport transport, const Bugs& bugs);
    //! Connects to a server that runs already.
    //! @param path  Of its Unix socket.
    explicit Connector(std::string path);
    ~Connector();
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    Loop& GetLoop();

    //! Connects as a client. May be called on any thread.
    //! @throw std::runtime_error if the server has ended.
    std::unique_ptr<FuzzInit> Connect();
    //! Connects a socket, without a binding.
    //! @return A connected socket; the caller closes it.
    int ConnectSocket();

    //! Makes the child process connect to us. It is then a client that makes arbitrary calls.
    //! @return Our end of the socket, or -1 if there is no child process or it has ended.
    int StartRemoteClient(uint64_t seed);

    //! Ends the child process.
    //! @return How it ended if it crashed, failed, or did not end in time; otherwise empty.
    std::string StopChild();

private:
    std::string m_path;                                  //!< of the server's socket; empty: there is none
    std::string m_directory;                             //!< for our own sockets; empty: there are none
    std::optional<stream::ListenSocket> m_server_socket; //!< the child accepts connections here
    std::optional<stream::ListenSocket> m_client_socket; //!< we accept the child's connections here
    std::unique_ptr<ChildProcess> m_child;
    std::unique_ptr<Implementation> m_implementation; //!< null: it is in another process
    std::once_flag m_loop_needed;
    std::unique_ptr<Loop> m_loop;
};

} // namespace mpfuzz::fuzz_interface
