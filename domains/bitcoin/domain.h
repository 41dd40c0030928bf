#pragma once

#include <mpfuzz/domain/domain.h>

namespace mpfuzz::domains::bitcoin {

//! Values for the fields of Bitcoin Core's Mining, BlockTemplate and Rpc interfaces: hashes, blocks, coinbase
//! transactions, limits, timeouts and JSON-RPC requests. A field is recognised by name and type, so that other
//! interfaces with such fields get these values too. Also has postconditions for the answers of Mining, BlockTemplate
//! and Rpc.
domain::Domain MakeDomain();

} // namespace mpfuzz::domains::bitcoin
