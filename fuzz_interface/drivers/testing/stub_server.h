#pragma once

#include <fuzz_interface/drivers/worker_thread.h>

#include <set>
#include <string>

namespace mpfuzz::fuzz_interface {

//! What a StubServer does wrong.
enum class StubFault {
    NONE,
    NO_ANSWER,        //!< never answers calls, except AddInt32 and those of the handshake
    WRONG_ANSWER,     //!< answers AddInt32 with a wrong number
    DISCONNECT,       //!< closes the connection when a method is called, except AddInt32 and those of the handshake
    NO_HANDSHAKE,     //!< `construct` returns no ThreadMap
    BROKEN_AFTERWARDS //!< after the first call of another method, AddInt32 fails
};

//! A server for one connection that answers the handshake and AddInt32, and all other calls with an exception.
class StubServer
{
public:
    //! @param fd  The server closes it.
    StubServer(int fd, StubFault fault);

    //! Names of the methods that were called, of all interfaces. Waits until the client has disconnected.
    std::set<std::string> Called();

private:
    std::set<std::string> m_called;
    WorkerThread m_thread; //!< serves until the client disconnects
};

} // namespace mpfuzz::fuzz_interface
