#pragma once

#include <mpfuzz/domain/domain.h>

#include <vector>

//! What the answers of Bitcoin Core's Mining and BlockTemplate keep among each other, on any network and whatever the
//! node's other clients and peers do. Methods and fields are recognised by name.
namespace mpfuzz::domains::bitcoin {

//! A template's header, block, fees, coinbase and merkle path belong together. Says nothing of templates that a
//! solution was submitted to, which changes them.
std::vector<domain::Postcondition> TemplatePostconditions();

//! The tip's height does not go down, a block has one height, and templates are built on the tip. Says nothing of
//! programs with JSON-RPC calls, which can take blocks back.
std::vector<domain::Postcondition> TipPostconditions();

//! A wait for fees that need not rise ends with a template. https://github.com/bitcoin/bitcoin/pull/33566
std::vector<domain::Postcondition> WaitPostconditions();

//! A JSON-RPC request that is cut short is an error, as everything is that is not JSON.
//! https://github.com/bitcoin/bitcoin/issues/36088
std::vector<domain::Postcondition> RpcPostconditions();

} // namespace mpfuzz::domains::bitcoin
