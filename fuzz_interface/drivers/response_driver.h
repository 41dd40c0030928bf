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

//! Is a server that mostly follows the Cap'n Proto protocol, but sends malformed answers, and calls it through the
//! binding's proxies. The answers have values of the wrong type or none, both kinds of error at once, exceptions of
//! every type, and null objects or objects of another type. Other calls get a malformed call back, or no answer until
//! the connection is closed, or the handshake is missing. Every call must end: it returns, or throws an exception
//! derived from std::exception; Raise may throw a FuzzError as well.
//!
//! @param loop  Makes the connections. The calling thread, which serves them, must not have an event loop.
//! @return The first call that ended in another way. If a call hangs, its thread is abandoned with what it uses, and
//! the
//!         loop may hang as well: report the failure and end the process.
std::optional<Failure> DriveResponses(Loop& loop, Choices& choices, const ResponseOptions& options);

//! Only the server, for a client in another process. Returns when the connection has ended, on either side.
//! @param fd  The function closes it.
void ServeMalformed(int fd, Choices& choices);

//! Only the client, with one connection.
//! @param fd  To a server that may send malformed answers, but closes the connection rather than never answer a call.
//! The
//!            function closes it.
std::optional<Failure> DriveClient(Loop& loop, int fd, Choices& choices, const ResponseOptions& options);

} // namespace mpfuzz::fuzz_interface
