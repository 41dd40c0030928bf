#pragma once

#include <mpfuzz/base/rng.h>

#include <string>

namespace mpfuzz::domains::bitcoin {

//! Text of a JSON-RPC request to Bitcoin Core.
//!
//! Mostly valid JSON that names a method which only reads, with likely or random parameters; else
//! nearly valid: cut, with one character changed, nested deeply, with odd numbers and escapes. Methods
//! that stop the node, wait without end or use the network are never named.
std::string MakeJsonRequest(base::Rng& rng);

} // namespace mpfuzz::domains::bitcoin
