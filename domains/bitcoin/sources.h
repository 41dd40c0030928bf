#pragma once

#include <mpfuzz/domain/domain.h>

#include <optional>

//! The functions of the value sources; MakeDomain has their table.
namespace mpfuzz::domains::bitcoin {

//! `currentTip`, `hash`, `txids`, `wtxids`: 32-byte hashes in wire order.
bool FitsHash(const domain::SourceContext& context);
std::optional<program::Value> MakeHashValue(const domain::SourceContext& context, domain::Builder& builder,
                                            base::Rng& rng);

//! `block`: serialised blocks, from earlier answers of templates or our own.
bool FitsBlock(const domain::SourceContext& context);
std::optional<program::Value> MakeBlockValue(const domain::SourceContext& context, domain::Builder& builder,
                                             base::Rng& rng);

//! `coinbase`: serialised coinbase transactions. If possible, they fit the template on which the method is called.
bool FitsCoinbase(const domain::SourceContext& context);
std::optional<program::Value> MakeCoinbaseValue(const domain::SourceContext& context, domain::Builder& builder,
                                                base::Rng& rng);

//! Numbers with known limits: `version`, `nonce`, `blockReservedWeight` and so on.
bool FitsNumber(const domain::SourceContext& context);
std::optional<program::Value> MakeNumberValue(const domain::SourceContext& context, domain::Builder& builder,
                                              base::Rng& rng);

//! `timeout` in milliseconds. In most cases it is so short that the wait ends before the program does.
bool FitsTimeout(const domain::SourceContext& context);
std::optional<program::Value> MakeTimeoutValue(const domain::SourceContext& context, domain::Builder& builder,
                                               base::Rng& rng);

//! `request`, `uri` and `user` of a JSON-RPC call.
bool FitsRpc(const domain::SourceContext& context);
std::optional<program::Value> MakeRpcValue(const domain::SourceContext& context, domain::Builder& builder,
                                           base::Rng& rng);

} // namespace mpfuzz::domains::bitcoin
