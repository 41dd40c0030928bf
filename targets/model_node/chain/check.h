// The rules for a block that depend only on the block, its scripts, and a few facts about its position in the chain.
#pragma once

#include <targets/model_node/chain/block.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mpfuzz::model_node {

constexpr char OP_0{0x00};
constexpr char OP_TRUE{0x51};
constexpr char OP_RETURN{0x6a};
constexpr char OP_CHECKSIG{'\xac'};

//! Signature operations in a script, as counted before segwit: 1 each, 20 for a multisig.
uint64_t CountSigops(std::string_view script);

//! Signature operations in all scripts of a transaction, as counted before segwit.
uint64_t CountSigops(const Transaction& tx);

//! Script of an output that anyone may spend with the witness {OP_TRUE}.
Bytes WitnessAnyoneCanSpendScript();

//! True if `input` may spend an output with `script`. The model has no script interpreter: it supports only OP_TRUE and
//! its witness form, and refuses all other scripts.
bool MaySpend(const TxIn& input, std::string_view script);

//! The rule that a block breaks, if any. Reasons are those of Bitcoin Core (BIP 22).
struct Verdict {
    std::string reason{}; //!< Empty: valid.
    std::string debug{};  //!< More about the reason; may be empty.
    bool mutated{false};  //!< Another block with the same hash may still be valid.

    bool IsValid() const { return reason.empty(); }
};

struct CheckOptions {
    bool pow{true};
    bool merkle_root{true};
};

//! The position of a block in the chain, on which some rules depend.
struct Position {
    int height{0};
    int64_t median_time_past_s{0}; //!< Of the previous block.
    int64_t now_s{0};
};

//! Rules that depend only on the block (Bitcoin Core: CheckBlock).
Verdict CheckBlock(const Block& block, const CheckOptions& options);

//! Rules for the header at its position (ContextualCheckBlockHeader).
Verdict CheckHeaderAt(const BlockHeader& header, const Position& position);

//! Rules for the rest of the block at its position (ContextualCheckBlock).
Verdict CheckBodyAt(const Block& block, const Position& position);

} // namespace mpfuzz::model_node
