// Order and names of the checks follow src/validation.cpp and src/consensus/tx_check.cpp of bitcoin/bitcoin.
#include <targets/model_node/chain/check.h>

#include <targets/model_node/chain/params.h>
#include <targets/model_node/chain/script.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace mpfuzz::model_node {
namespace {

Verdict Mutated(std::string reason, std::string debug)
{
    return {.reason = std::move(reason), .debug = std::move(debug), .mutated = true};
}

Verdict CheckOutputs(const Transaction& tx)
{
    int64_t total{0};
    for (const TxOut& output : tx.outputs) {
        if (output.value_sat < 0) return {.reason = "bad-txns-vout-negative"};
        if (output.value_sat > MAX_MONEY_SAT) return {.reason = "bad-txns-vout-toolarge"};
        total += output.value_sat;
        if (total > MAX_MONEY_SAT) return {.reason = "bad-txns-txouttotal-toolarge"};
    }
    return {};
}

Verdict CheckInputs(const Transaction& tx)
{
    std::set<OutPoint> spent;
    for (const TxIn& input : tx.inputs) {
        if (!spent.insert(input.prevout).second) return {.reason = "bad-txns-inputs-duplicate"};
    }
    if (tx.IsCoinbase()) {
        const size_t size{tx.inputs[0].script_sig.size()};
        if (size < 2 || size > 100) return {.reason = "bad-cb-length"};
        return {};
    }
    const bool any_null{std::ranges::any_of(tx.inputs, [](const TxIn& input) { return input.prevout.IsNull(); })};
    return any_null ? Verdict{.reason = "bad-txns-prevout-null"} : Verdict{};
}

Verdict CheckTransaction(const Transaction& tx)
{
    if (tx.inputs.empty()) return {.reason = "bad-txns-vin-empty"};
    if (tx.outputs.empty()) return {.reason = "bad-txns-vout-empty"};
    if (EncodeTransaction(tx, WithWitness::No).size() * WITNESS_SCALE_FACTOR > MAX_BLOCK_WEIGHT) {
        return {.reason = "bad-txns-oversize"};
    }
    if (Verdict verdict{CheckOutputs(tx)}; !verdict.IsValid()) return verdict;
    return CheckInputs(tx);
}

Verdict CheckTransactions(const Block& block)
{
    for (const Transaction& tx : block.transactions) {
        Verdict verdict{CheckTransaction(tx)};
        if (verdict.IsValid()) continue;
        verdict.debug = "Transaction check failed (tx hash " + ToHex(TxId(tx)) + ") ";
        return verdict;
    }
    uint64_t sigops{0};
    for (const Transaction& tx : block.transactions) sigops += CountSigops(tx);
    if (sigops * WITNESS_SCALE_FACTOR > MAX_BLOCK_SIGOPS_COST) {
        return {.reason = "bad-blk-sigops", .debug = "out-of-bounds SigOpCount"};
    }
    return {};
}

// BIP 113: lock times are measured against the median time past.
bool IsFinal(const Transaction& tx, const Place& place)
{
    if (tx.lock_time == 0) return true;
    const int64_t limit{tx.lock_time < LOCKTIME_THRESHOLD ? int64_t{place.height} : place.median_time_past_s};
    if (int64_t{tx.lock_time} < limit) return true;
    return std::ranges::all_of(tx.inputs, [](const TxIn& input) { return input.sequence == SEQUENCE_FINAL; });
}

Verdict CheckWitnesses(const Block& block)
{
    const auto index{WitnessCommitmentIndex(block)};
    if (!index) {
        const bool any{std::ranges::any_of(block.transactions, [](const Transaction& tx) { return tx.HasWitness(); })};
        return any ? Mutated("unexpected-witness", "CheckWitnessMalleation : unexpected witness data found")
                   : Verdict{};
    }
    const auto& stack{block.transactions[0].inputs[0].witness};
    if (stack.size() != 1 || stack[0].size() != 32) {
        return Mutated("bad-witness-nonce-size", "CheckWitnessMalleation : invalid witness reserved value size");
    }
    const Bytes expected{WitnessCommitmentScript(block, stack[0])};
    // Only the commitment counts: bytes after it have no meaning yet (BIP 141).
    if (!std::ranges::equal(expected, std::span{block.transactions[0].outputs[*index].script}.first(expected.size()))) {
        return Mutated("bad-witness-merkle-match", "CheckWitnessMalleation : witness merkle commitment mismatch");
    }
    return {};
}

std::string VersionText(uint32_t version)
{
    char text[16];
    std::snprintf(text, sizeof(text), "0x%08x", version);
    return text;
}

} // namespace

Verdict CheckBlock(const Block& block, const CheckOptions& options)
{
    if (options.pow && !HasProofOfWork(block.header)) return {.reason = "high-hash", .debug = "proof of work failed"};
    if (options.merkle_root) {
        const MerkleRoot merkle{BlockMerkleRoot(block)};
        if (merkle.root != block.header.merkle_root) return Mutated("bad-txnmrklroot", "hashMerkleRoot mismatch");
        if (merkle.mutated) return Mutated("bad-txns-duplicate", "duplicate transaction");
    }
    const auto& transactions{block.transactions};
    if (transactions.empty() || transactions.size() * WITNESS_SCALE_FACTOR > MAX_BLOCK_WEIGHT ||
        EncodeBlock(block, WithWitness::No).size() * WITNESS_SCALE_FACTOR > MAX_BLOCK_WEIGHT) {
        return {.reason = "bad-blk-length", .debug = "size limits failed"};
    }
    if (!transactions[0].IsCoinbase()) return {.reason = "bad-cb-missing", .debug = "first tx is not coinbase"};
    if (std::any_of(transactions.begin() + 1, transactions.end(), [](const auto& tx) { return tx.IsCoinbase(); })) {
        return {.reason = "bad-cb-multiple", .debug = "more than one coinbase"};
    }
    return CheckTransactions(block);
}

Verdict CheckHeaderAt(const BlockHeader& header, const Place& place)
{
    if (header.bits != POW_BITS) return {.reason = "bad-diffbits", .debug = "incorrect proof of work"};
    if (int64_t{header.time_s} <= place.median_time_past_s) {
        return {.reason = "time-too-old", .debug = "block's timestamp is too early"};
    }
    if (int64_t{header.time_s} > place.now_s + MAX_FUTURE_BLOCK_TIME_S) {
        return {.reason = "time-too-new", .debug = "block timestamp too far in the future"};
    }
    if (static_cast<int32_t>(header.version) < 4) {
        const std::string version{VersionText(header.version)};
        return {.reason = "bad-version(" + version + ")", .debug = "rejected nVersion=" + version + " block"};
    }
    return {};
}

Verdict CheckBodyAt(const Block& block, const Place& place)
{
    if (!std::ranges::all_of(block.transactions, [&](const Transaction& tx) { return IsFinal(tx, place); })) {
        return {.reason = "bad-txns-nonfinal", .debug = "non-final transaction"};
    }
    const Bytes push{HeightPush(place.height)};
    const Bytes& script_sig{block.transactions[0].inputs[0].script_sig};
    if (script_sig.size() < push.size() || !std::equal(push.begin(), push.end(), script_sig.begin())) {
        return {.reason = "bad-cb-height", .debug = "block height mismatch in coinbase"};
    }
    if (Verdict verdict{CheckWitnesses(block)}; !verdict.IsValid()) return verdict;
    if (Weight(block) > MAX_BLOCK_WEIGHT) {
        return {.reason = "bad-blk-weight", .debug = "ContextualCheckBlock : weight limit failed"};
    }
    return {};
}

} // namespace mpfuzz::model_node
