// What stands between FuzzInterface and the wire. There are two implementations, fuzz_interface/native and
// fuzz_interface/libmultiprocess; a program links one of them, and both speak the same wire format.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <memory>
#include <string_view>

namespace mpfuzz::fuzz_interface {

//! An event loop on a thread of its own, with connections on it, as many as one likes.
//!
//! Objects that come from here may be used on any thread but the loop's own, and be called on several at once; a call
//! blocks until it is answered, and meanwhile runs what the other side calls back. They throw what the schema says that
//! a method throws, and std::runtime_error for everything else: the peer answered with an unknown error or with
//! something that is no value, or the connection is lost. They may outlive their connection, but not their loop.
class Loop
{
public:
    //! Closes every connection, whatever is outstanding on it, and ends the thread.
    virtual ~Loop() = default;

    //! Be the client on a connected stream socket.
    //! @param fd  Owned from now on.
    //! @return The server's main interface. To destroy it is to close the connection.
    //! @throw std::runtime_error where the peer does not do its part of the handshake.
    virtual std::unique_ptr<FuzzInit> Connect(int fd) = 0;

    //! Be the server on a connected stream socket, until the client leaves.
    //! @param fd    Owned from now on.
    //! @param init  Borrowed, for as long as the loop is there. Calls run on threads that the client asked for.
    virtual void Serve(int fd, FuzzInit& init) = 0;

    //! The same for every client that comes to a listening socket.
    virtual void Listen(int fd, FuzzInit& init) = 0;

    //! Both ends of a connection on this one loop, over a pipe of KJ's: no system call, no second process.
    virtual std::unique_ptr<FuzzInit> Pipe(FuzzInit& init) = 0;
};

std::unique_ptr<Loop> MakeLoop();

//! "native" or "libmultiprocess".
std::string_view BindingName();

} // namespace mpfuzz::fuzz_interface
