// What all puzzles share: main(), the socket, and one Puzzle for every connection.
#pragma once

#include <capnp/capability.h>
#include <kj/timer.h>

namespace mpfuzz::puzzles {

//! The main interface of a fresh connection. Each puzzle defines it.
capnp::Capability::Client MakePuzzle(kj::Timer& timer);

//! Let the caller's wish to cancel reach the promise of this call. Its parameters must have been released.
template<typename Context>
void AllowCancellation([[maybe_unused]] Context& context)
{
#if CAPNP_VERSION < 11000
    context.allowCancellation();
#endif
    // Later versions ask the schema instead: see cancel_in_flight.capnp.
}

} // namespace mpfuzz::puzzles
