// Assembles a block for a client to mine.
#pragma once

#include <targets/model_node/chain/block.h>
#include <targets/model_node/chain/coins.h>

#include <cstdint>
#include <vector>

namespace mpfuzz::model_node {

struct TemplateOptions {
    bool use_mempool{true};
    uint64_t reserved_weight{8000};
    uint64_t max_additional_sigops{400};
};

//! What a miner needs to build another coinbase.
struct CoinbaseFields {
    uint32_t version{2};
    uint32_t sequence{0xfffffffe};
    Bytes script_sig_prefix;
    Bytes witness;
    int64_t reward_sat{0};
    std::vector<TxOut> required_outputs;
    uint32_t lock_time{0};
};

struct BlockTemplate {
    Block block; //!< Begins with a coinbase that pays to OP_TRUE.
    std::vector<int64_t> fees_sat;
    std::vector<int64_t> sigops_cost;
    CoinbaseFields coinbase;

    int64_t TotalFees() const;
};

//! Returns what is wrong with the options, or an empty text: a weight outside [2000, 4000000], or more than 80000
//! sigops (Bitcoin Core: CheckMiningOptions).
std::string ExplainBadOptions(const TemplateOptions& options);

//! Returns a block at `height` on top of `previous`. It is valid except for its merkle root and proof of work.
BlockTemplate AssembleTemplate(const TemplateOptions& options, const Mempool& mempool, const Hash256& previous,
                               int height, int64_t time_s);

} // namespace mpfuzz::model_node
