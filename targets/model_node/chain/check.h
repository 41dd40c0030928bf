// The rules for a block that need nothing but the block and a few facts about its place in the chain.
#pragma once

#include <targets/model_node/chain/block.h>

#include <cstdint>
#include <string>

namespace mpfuzz::model_node {

//! Whether a block keeps the rules, and if not which it breaks, in Bitcoin Core's words (BIP 22).
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

//! Where a block is to go: what its rules depend on.
struct Place {
    int height{0};
    int64_t median_time_past_s{0}; //!< Of the block before.
    int64_t now_s{0};
};

//! Rules that depend on nothing else (Bitcoin Core: CheckBlock).
Verdict CheckBlock(const Block& block, const CheckOptions& options);

//! Rules for the header at its place (ContextualCheckBlockHeader).
Verdict CheckHeaderAt(const BlockHeader& header, const Place& place);

//! Rules for the rest of the block at its place (ContextualCheckBlock).
Verdict CheckBodyAt(const Block& block, const Place& place);

} // namespace mpfuzz::model_node
