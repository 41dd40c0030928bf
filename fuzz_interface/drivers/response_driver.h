#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/failure.h>
#include <fuzz_interface/interface/binding.h>

#include <chrono>
#include <cstddef>
#include <optional>

namespace mpfuzz::fuzz_interface {

struct ResponseOptions {
    size_t connections{4};                      //!< at most; fewer where the choices run out
    size_t calls{16};                           //!< on each, at most
    std::chrono::milliseconds deadline{10'000}; //!< for a call to return when it has been answered
};

//! Be a server that keeps to Cap'n Proto, most often, and to nothing else, and call it through the binding's proxies:
//! what they get is of the wrong type, absent, both kinds of error at once, an exception of any type, a null or foreign
//! object, a call back with nonsense, no answer before the connection ends, or no handshake. Every call has to return,
//! or to throw an exception derived from std::exception; Raise a FuzzError too.
//!
//! @param loop  Makes the connections. The calling thread, which serves them, must not have an event loop.
//! @return The first call that ended otherwise. Where it hangs, its thread is left behind with what it uses, and the
//! loop may hang as well: the process is good for a report and no more.
std::optional<Failure> DriveResponses(Loop& loop, Choices& choices, const ResponseOptions& options);

//! The same server alone, for a client in another process.
//! @param fd  Owned from now on. Returns when the connection has ended, on either side.
void ServeMalformed(int fd, Choices& choices);

//! The same client alone: one connection.
//! @param fd  To a server of whatever manners, which ends the connection rather than let a call wait for ever; owned
//!            from now on.
std::optional<Failure> DriveClient(Loop& loop, int fd, Choices& choices, const ResponseOptions& options);

} // namespace mpfuzz::fuzz_interface
