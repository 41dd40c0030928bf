#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/interface/binding.h>

#include <chrono>
#include <cstddef>
#include <optional>

namespace mpfuzz::fuzz_interface {

struct ResponseOptions {
    size_t connections{4};                      //!< at most; fewer if the choices are exhausted
    size_t calls{16};                           //!< on each connection, at most
    std::chrono::milliseconds deadline{10'000}; //!< for a call to end after it has been answered
};

//! Runs a server that mostly follows the Cap'n Proto protocol but sends malformed answers, and makes calls to it
//! through the binding's proxies. Answers may have values of the wrong type or no value, both kinds of error at once,
//! exceptions of every type, and null objects or objects of another type. The server may also make malformed calls
//! back, leave a call unanswered until the connection is closed, or refuse the handshake. Every call must end: it
//! returns, or throws an exception derived from std::exception. Raise may also throw a FuzzError.
//!
//! @param loop  Makes the connections. The calling thread serves them, and must not have an event loop.
//! @return The first call that ended in another way.
//!
//! If a call hangs, its thread and everything that it uses are leaked, and the loop may hang as well. The caller should
//! then report the failure and end the process.
std::optional<Failure> DriveResponses(Loop& loop, Choices& choices, const ResponseOptions& options);

//! Only the server, for a client in another process. Returns when the connection has ended, on either side.
//! @param fd  The function closes it.
void ServeMalformed(int fd, Choices& choices);

//! Only the client, with one connection. The server may send malformed answers. If it does not answer a call, it must
//! close the connection.
//! @param fd  The function closes it.
std::optional<Failure> DriveClient(Loop& loop, int fd, Choices& choices, const ResponseOptions& options);

} // namespace mpfuzz::fuzz_interface
