#pragma once

#include <mpfuzz/domain/domain.h>

namespace mpfuzz::domains::multiprocess {

//! Conventions of libmultiprocess: the ThreadMap handshake, the Context that names the thread a call
//! runs on, names of threads, sizes of pools, and `destroy`.
//!
//! Without it nearly every call to such a server is turned away before it reaches the server's own code.
domain::Domain MakeDomain();

} // namespace mpfuzz::domains::multiprocess
