#pragma once

#include <mpfuzz/domain/domain.h>

namespace mpfuzz::domains::multiprocess {

//! Conventions of libmultiprocess: the ThreadMap handshake, the Context that names the thread on which a call runs,
//! names of threads, sizes of pools, and `destroy`.
//!
//! Without this domain, nearly every call is answered by libmultiprocess with an error, and does not reach the server's
//! own code.
domain::Domain MakeDomain();

} // namespace mpfuzz::domains::multiprocess
