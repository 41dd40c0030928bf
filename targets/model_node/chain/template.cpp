#include <targets/model_node/chain/template.h>

#include <targets/model_node/chain/params.h>

#include <numeric>

namespace mpfuzz::model_node {
namespace {

// Adds transactions up to the limits, in order of decreasing fee rate.
void AddTransactions(BlockTemplate& result, const TemplateOptions& options, const Mempool& mempool)
{
    uint64_t weight{options.reserved_weight};
    uint64_t sigops{options.max_additional_sigops};
    for (const MempoolEntry& entry : mempool.Entries()) {
        if (weight + entry.weight >= MAX_BLOCK_WEIGHT || sigops + entry.sigops_cost >= MAX_BLOCK_SIGOPS_COST) continue;
        weight += entry.weight;
        sigops += entry.sigops_cost;
        result.block.transactions.push_back(entry.tx);
        result.fees_sat.push_back(entry.fee_sat);
        result.sigops_cost.push_back(static_cast<int64_t>(entry.sigops_cost));
    }
}

CoinbaseFields MakeCoinbaseFields(int height, int64_t fees_sat)
{
    CoinbaseFields fields;
    fields.script_sig_prefix = domains::bitcoin::HeightScript(static_cast<uint32_t>(height));
    fields.witness = Bytes(32, '\0');
    fields.reward_sat = Subsidy(height) + fees_sat;
    fields.lock_time = static_cast<uint32_t>(height - 1);
    return fields;
}

Transaction MakeCoinbase(const CoinbaseFields& fields, int height)
{
    Transaction tx;
    tx.version = fields.version;
    tx.lock_time = fields.lock_time;
    TxIn& input{tx.inputs.emplace_back()};
    input.script_sig = fields.script_sig_prefix;
    if (height <= 16) input.script_sig.push_back(OP_0); // A script must have at least two bytes.
    input.sequence = fields.sequence;
    input.witness = {fields.witness};
    tx.outputs.push_back({.value_sat = fields.reward_sat, .script = Bytes{OP_TRUE}});
    return tx;
}

} // namespace

int64_t BlockTemplate::TotalFees() const { return std::accumulate(fees_sat.begin(), fees_sat.end(), int64_t{0}); }

std::string ExplainBadOptions(const TemplateOptions& options)
{
    if (options.reserved_weight < MINIMUM_BLOCK_RESERVED_WEIGHT) {
        return "block_reserved_weight (" + std::to_string(options.reserved_weight) + ") is below the minimum of 2000";
    }
    if (options.reserved_weight > MAX_BLOCK_WEIGHT) {
        return "block_reserved_weight (" + std::to_string(options.reserved_weight) +
               ") is above the block limit of 4000000";
    }
    if (options.max_additional_sigops > MAX_BLOCK_SIGOPS_COST) {
        return "coinbase_output_max_additional_sigops (" + std::to_string(options.max_additional_sigops) +
               ") is above the block limit of 80000";
    }
    return {};
}

BlockTemplate AssembleTemplate(const TemplateOptions& options, const Mempool& mempool, const Hash256& previous,
                               int height, int64_t time_s)
{
    BlockTemplate result;
    result.block.transactions.emplace_back();
    if (options.use_mempool) AddTransactions(result, options, mempool);
    result.coinbase = MakeCoinbaseFields(height, result.TotalFees());
    result.block.transactions[0] = MakeCoinbase(result.coinbase, height);
    const TxOut commitment{.value_sat = 0, .script = WitnessCommitmentScript(result.block, result.coinbase.witness)};
    result.block.transactions[0].outputs.push_back(commitment);
    result.coinbase.required_outputs.push_back(commitment);
    result.block.header.previous = previous;
    result.block.header.time_s = static_cast<uint32_t>(time_s);
    result.block.header.bits = domains::bitcoin::REGTEST_BITS;
    return result;
}

} // namespace mpfuzz::model_node
