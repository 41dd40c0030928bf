#pragma once

#include <fuzz_interface/drivers/worker_thread.h>

#include <set>
#include <string>

namespace mpfuzz::fuzz_interface {

//! What a StubServer does wrong.
enum class Misdeed {
    NONE,
    NO_ANSWER,      //!< to anything that is not part of the handshake, but for AddInt32
    WRONG_ANSWER,   //!< to AddInt32
    HANG_UP,        //!< when it is called with anything else
    NO_HANDSHAKE,   //!< `construct` gives no ThreadMap
    LOST_AFTERWARDS //!< from then on AddInt32 fails, too
};

//! A server that answers the handshake and AddInt32, and everything else with an error, on one connection.
class StubServer
{
public:
    //! @param fd  Owned from now on.
    StubServer(int fd, Misdeed misdeed);

    //! Names of the methods that were called, of any interface. Waits for the client to leave.
    std::set<std::string> Called();

private:
    std::set<std::string> m_called;
    WorkerThread m_hand; //!< serves until the client leaves
};

} // namespace mpfuzz::fuzz_interface
