// The code between FuzzInterface and the messages. There are two implementations, fuzz_interface/native and
// fuzz_interface/libmultiprocess. A program links one of them; both use the same wire format.
#pragma once

#include <fuzz_interface/interface/interface.h>

#include <memory>
#include <string_view>

namespace mpfuzz::fuzz_interface {

//! An event loop on its own thread, with any number of connections.
//!
//! The objects that it returns may be used on any thread but the loop's, and several threads may call them at once. A
//! call blocks until it is answered; meanwhile its thread runs what the other side calls back. A call throws the
//! exceptions that the schema declares, and std::runtime_error in all other cases: the peer answered with another error
//! or with an invalid value, or the connection is lost. The objects may outlive their connection, but not their loop.
class Loop
{
public:
    //! Closes every connection, even if calls are outstanding on it, and ends the thread.
    virtual ~Loop() = default;

    //! Starts a client on a connected stream socket.
    //! @param fd  The loop takes ownership.
    //! @return The server's main interface. Its destructor closes the connection.
    //! @throw std::runtime_error if the peer does not answer the handshake.
    virtual std::unique_ptr<FuzzInit> Connect(int fd) = 0;

    //! Starts a server on a connected stream socket. It ends when the client disconnects.
    //! @param fd    The loop takes ownership.
    //! @param init  Borrowed; it must outlive the loop. Its methods run on threads that the client asked for.
    virtual void Serve(int fd, FuzzInit& init) = 0;

    //! Accepts every client that connects to a listening socket, and serves it.
    virtual void Listen(int fd, FuzzInit& init) = 0;

    //! Opens a connection with both ends on this loop, over a pipe of KJ, without system calls and without a second
    //! process.
    virtual std::unique_ptr<FuzzInit> Pipe(FuzzInit& init) = 0;
};

std::unique_ptr<Loop> MakeLoop();

//! "native" or "libmultiprocess".
std::string_view BindingName();

} // namespace mpfuzz::fuzz_interface
