#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/compare.h>

#include <chrono>
#include <cstddef>
#include <optional>

namespace mpfuzz::fuzz_interface {

struct RequestOptions {
    size_t batches{16};                         //!< of calls, at most; fewer if the choices are exhausted
    std::chrono::milliseconds deadline{10'000}; //!< for each answer
    //! Whether to call `destroy` on objects that are used later. libmultiprocess's servers cannot handle that.
    bool destroys{true};
};

//! Runs a client that follows the Cap'n Proto protocol, but sends messages that no correct proxy would send: malformed
//! parameters, capabilities that are null, broken or of another type, objects with malformed answers, threads that are
//! not threads, calls on destroyed objects, and cancellations. The server must answer every call with a value or an
//! exception, and the valid calls in between with the right value.
//!
//! @param fd  Connected to a server of FuzzInit. The driver closes it.
//! The calling thread must not have an event loop. At the end the driver empties the server's slots.
std::optional<Failure> DriveRequests(int fd, Choices& choices, const RequestOptions& options);

} // namespace mpfuzz::fuzz_interface
