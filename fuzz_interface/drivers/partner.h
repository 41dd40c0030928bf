#pragma once

#include <fuzz_interface/server/bugs.h>

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace mpfuzz::fuzz_interface {

//! The other process of a driver: a copy of this one, with a loop of its own, at the other end of the sockets that it
//! is given.
class Partner
{
public:
    enum class Role : uint8_t {
        SERVE,  //!< be the server of a connected socket
        LISTEN, //!< be the server of all that comes to a listening socket
        CALL,   //!< be a client that makes arbitrary calls, on a connected socket; see DriveClient
    };

    //! To be made while this process has one thread.
    //! @param bugs  Of its implementation.
    //! @throw std::system_error
    explicit Partner(const Bugs& bugs);
    //! Ends it, if need be by a signal.
    ~Partner();
    Partner(const Partner&) = delete;
    Partner& operator=(const Partner&) = delete;

    //! @param fd    Owned from now on.
    //! @param seed  Of the calls, for Role::CALL.
    //! @return False where it has ended.
    bool Give(Role role, int fd, uint64_t seed = 0);

    //! Have it close its connections and end.
    //! @return How it ended, where that was not as it should; else empty.
    std::string End();

private:
    int m_control{-1};
    pid_t m_pid{-1};
};

} // namespace mpfuzz::fuzz_interface
