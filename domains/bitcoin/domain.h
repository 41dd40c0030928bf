#pragma once

#include <mpfuzz/domain/domain.h>

namespace mpfuzz::domains::bitcoin {

//! What Bitcoin Core's Mining, BlockTemplate and Rpc interfaces expect in their fields: hashes, blocks,
//! coinbase transactions, limits, timeouts and JSON-RPC requests. Recognised by field name and type, so that other
//! interfaces with such fields profit too. And what the answers of Mining and BlockTemplate keep.
domain::Domain MakeDomain();

} // namespace mpfuzz::domains::bitcoin
