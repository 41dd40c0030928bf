// The few facts about scripts that a chain without wallets needs.
#pragma once

#include <targets/model_node/chain/hash.h>
#include <targets/model_node/chain/transaction.h>

#include <cstdint>
#include <span>

namespace mpfuzz::model_node {

constexpr uint8_t OP_0{0x00};
constexpr uint8_t OP_TRUE{0x51};
constexpr uint8_t OP_RETURN{0x6a};
constexpr uint8_t OP_CHECKSIG{0xac};

//! The push of `height` that a coinbase starts with (BIP 34): one byte up to 16, then a length and a number.
Bytes HeightPush(int height);

//! Signature operations in a script, as counted before segwit: 1 each, 20 for a multisig.
uint64_t CountSigops(std::span<const uint8_t> script);

//! Signature operations in all scripts of a transaction, as counted before segwit.
uint64_t CountSigops(const Transaction& tx);

//! Script of an output that anyone may spend with the witness {OP_TRUE}.
Bytes WitnessAnyoneCanSpendScript();

//! Whether `input` may spend an output with `script`. The model has no script interpreter: it knows
//! OP_TRUE and its witness form, and refuses everything else.
bool MaySpend(const TxIn& input, std::span<const uint8_t> script);

} // namespace mpfuzz::model_node
