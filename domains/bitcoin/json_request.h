#pragma once

#include <mpfuzz/base/rng.h>

#include <string>

namespace mpfuzz::domains::bitcoin {

//! Text of a JSON-RPC request to Bitcoin Core.
//!
//! Mostly valid JSON with a method that only reads, and likely or random parameters. Otherwise almost valid JSON: cut,
//! with one character changed, deeply nested, or with odd numbers and escapes. Never names methods that stop the node,
//! wait without end or use the network.
std::string MakeJsonRequest(base::Rng& rng);

} // namespace mpfuzz::domains::bitcoin
