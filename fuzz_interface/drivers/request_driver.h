#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/failure.h>

#include <chrono>
#include <cstddef>
#include <optional>

namespace mpfuzz::fuzz_interface {

struct RequestOptions {
    size_t batches{16};                         //!< of calls, at most; fewer where the choices run out
    std::chrono::milliseconds deadline{10'000}; //!< for each answer
    //! Have objects destroyed that are called later: libmultiprocess's servers take that for a promise never to.
    bool destroys{true};
};

//! Be a client that keeps to Cap'n Proto and to nothing else: send each method what no proxy would send, hand in
//! capabilities that are null, foreign, broken or answer with nonsense, name threads that are none, call what has been
//! destroyed, and cancel. Every call has to be answered, with a value or an error, and a proper call in between with
//! the right value.
//!
//! @param fd  Connected to a server of FuzzInit; owned from now on.
//! The calling thread must not have an event loop. No callback of ours is left in the server's slots.
std::optional<Failure> DriveRequests(int fd, Choices& choices, const RequestOptions& options);

} // namespace mpfuzz::fuzz_interface
