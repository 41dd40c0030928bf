#pragma once

#include <fuzz_interface/drivers/choices.h>
#include <fuzz_interface/drivers/failure.h>
#include <fuzz_interface/interface/interface.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace mpfuzz::fuzz_interface {

struct ObjectOptions {
    size_t rounds{100};                         //!< at most; fewer where the choices run out
    std::chrono::milliseconds deadline{10'000}; //!< for a call, and for what a closed connection leaves behind
};

//! Use objects and stored callbacks over several connections and threads, each beside a plain shadow that knows what
//! has to come of it: a call that reaches the wrong object, a dead one, or the right one twice or out of order shows in
//! its answer, and what is never released shows at the end.
//!
//! @param connect  Opens one more connection to the server; called on any thread. Nobody else may have objects or
//!                 callbacks there meanwhile.
//! @return The first answer that is wrong, with what led there. Where a call hangs, its thread is left behind with what
//! it uses: the process is good for a report and no more.
std::optional<Failure> DriveObjects(const std::function<std::unique_ptr<FuzzInit>()>& connect, Choices& choices,
                                    const ObjectOptions& options);

//! What others have left alive there; nothing where all of it has gone in time.
std::optional<Failure> FindLeftovers(const std::function<std::unique_ptr<FuzzInit>()>& connect,
                                     const ObjectOptions& options);

} // namespace mpfuzz::fuzz_interface
