#pragma once

#include <mpfuzz/domain/domain.h>

#include <vector>

//! Rules for the answers of Bitcoin Core's Mining, BlockTemplate and Rpc. They hold on any network, even if the node
//! has other clients and peers. Methods and fields are recognised by name.
namespace mpfuzz::domains::bitcoin {

//! A template's header, block, fees, coinbase and merkle path must be consistent. Ignores templates for which a
//! solution was submitted, because that changes them.
std::vector<domain::Postcondition> TemplatePostconditions();

//! The tip's height must not decrease, a block must have one height only, and templates must be built on the tip.
//! Ignores programs with JSON-RPC calls, because these can invalidate blocks.
std::vector<domain::Postcondition> TipPostconditions();

//! A wait must return a template if its fee threshold is met from the beginning.
//! https://github.com/bitcoin/bitcoin/pull/33566
std::vector<domain::Postcondition> WaitPostconditions();

//! A JSON-RPC request that is cut off must be answered with a parse error.
//! https://github.com/bitcoin/bitcoin/issues/36088
std::vector<domain::Postcondition> RpcPostconditions();

} // namespace mpfuzz::domains::bitcoin
