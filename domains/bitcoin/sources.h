#pragma once

#include <mpfuzz/domain/domain.h>

#include <memory>

namespace mpfuzz::domains::bitcoin {

//! `currentTip`, `hash`, `txids`, `wtxids`: 32-byte hashes, as they travel.
std::unique_ptr<const domain::ValueSource> MakeHashSource();

//! `block`: serialised blocks, earlier ones of templates or our own.
std::unique_ptr<const domain::ValueSource> MakeBlockSource();

//! `coinbase`: serialised coinbase transactions, where it can be for the very template.
std::unique_ptr<const domain::ValueSource> MakeCoinbaseSource();

//! Numbers with limits that are known: `version`, `nonce`, `blockReservedWeight` and so on.
std::unique_ptr<const domain::ValueSource> MakeNumberSource();

//! `timeout` in milliseconds: mostly so short that waits end within the program.
std::unique_ptr<const domain::ValueSource> MakeTimeoutSource();

//! `request`, `uri` and `user` of a JSON-RPC call.
std::unique_ptr<const domain::ValueSource> MakeRpcSource();

} // namespace mpfuzz::domains::bitcoin
