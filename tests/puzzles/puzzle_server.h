// Shared by all puzzles: main(), the socket, and one Puzzle for each connection.
#pragma once

#include <capnp/capability.h>
#include <kj/timer.h>

namespace mpfuzz::puzzles {

//! Returns the main interface for a new connection. Each puzzle defines this function.
capnp::Capability::Client MakePuzzle(kj::Timer& timer);

//! Allows the caller to cancel the promise of this call. The call's parameters must be released before.
template<typename Context>
void AllowCancellation([[maybe_unused]] Context& context)
{
#if CAPNP_VERSION < 11000
    context.allowCancellation();
#endif
    // In later versions, the schema allows cancellation instead: see cancel_in_flight.capnp.
}

} // namespace mpfuzz::puzzles
