#pragma once

#include <mpfuzz/base/rng.h>

#include <string>

namespace mpfuzz::domains::bitcoin {

//! Text of a JSON-RPC request to Bitcoin Core.
//!
//! In most cases it is valid JSON: a method that only reads, and likely or random parameters. Otherwise it is almost
//! valid JSON: cut off, with one character changed, deeply nested, or with unusual numbers and escapes. It never names
//! a method that stops the node, waits without a time limit, or uses the network.
std::string MakeJsonRequest(base::Rng& rng);

} // namespace mpfuzz::domains::bitcoin
