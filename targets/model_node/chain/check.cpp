// Order and names of the checks follow src/validation.cpp and src/consensus/tx_check.cpp of bitcoin/bitcoin.
#include <targets/model_node/chain/check.h>

#include <targets/model_node/chain/params.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace mpfuzz::model_node {
namespace {

constexpr uint8_t OP_PUSHDATA1{0x4c};
constexpr uint8_t OP_PUSHDATA2{0x4d};
constexpr uint8_t OP_PUSHDATA4{0x4e};
constexpr char OP_CHECKSIGVERIFY{'\xad'};
constexpr char OP_CHECKMULTISIG{'\xae'};
constexpr char OP_CHECKMULTISIGVERIFY{'\xaf'};

// Skips the data that `opcode` pushes. Returns false if the script ends before the data does.
bool SkipPush(uint8_t opcode, std::string_view& rest)
{
    size_t size{opcode};
    size_t length_size{0};
    if (opcode == OP_PUSHDATA1) length_size = 1;
    if (opcode == OP_PUSHDATA2) length_size = 2;
    if (opcode == OP_PUSHDATA4) length_size = 4;
    if (length_size > rest.size()) return false;
    if (length_size > 0) size = 0;
    for (size_t i{0}; i < length_size; ++i) size |= static_cast<size_t>(static_cast<uint8_t>(rest[i])) << (8 * i);
    rest = rest.substr(length_size);
    if (size > rest.size()) return false;
    rest = rest.substr(size);
    return true;
}

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
        if (!spent.insert(SpentBy(input)).second) return {.reason = "bad-txns-inputs-duplicate"};
    }
    if (IsCoinbase(tx)) {
        const size_t size{tx.inputs[0].script_sig.size()};
        if (size < 2 || size > 100) return {.reason = "bad-cb-length"};
        return {};
    }
    const bool any_null{std::ranges::any_of(tx.inputs, [](const TxIn& input) { return SpentBy(input) == OutPoint{}; })};
    return any_null ? Verdict{.reason = "bad-txns-prevout-null"} : Verdict{};
}

Verdict CheckTransaction(const Transaction& tx)
{
    if (tx.inputs.empty()) return {.reason = "bad-txns-vin-empty"};
    if (tx.outputs.empty()) return {.reason = "bad-txns-vout-empty"};
    if (Serialize(tx, /*with_witness=*/false).size() * WITNESS_SCALE_FACTOR > MAX_BLOCK_WEIGHT) {
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
        verdict.debug = "Transaction check failed (tx hash " + ShowHash(Txid(tx)) + ") ";
        return verdict;
    }
    uint64_t sigops{0};
    for (const Transaction& tx : block.transactions) sigops += CountSigops(tx);
    if (sigops * WITNESS_SCALE_FACTOR > MAX_BLOCK_SIGOPS_COST) {
        return {.reason = "bad-blk-sigops", .debug = "out-of-bounds SigOpCount"};
    }
    return {};
}

// BIP 113: lock times are compared with the median time past.
bool IsFinal(const Transaction& tx, const Position& position)
{
    if (tx.lock_time == 0) return true;
    const int64_t limit{tx.lock_time < LOCKTIME_THRESHOLD ? int64_t{position.height} : position.median_time_past_s};
    if (int64_t{tx.lock_time} < limit) return true;
    return std::ranges::all_of(tx.inputs, [](const TxIn& input) { return input.sequence == SEQUENCE_FINAL; });
}

Verdict CheckWitnesses(const Block& block)
{
    const auto index{WitnessCommitmentIndex(block)};
    if (!index) {
        const bool any{std::ranges::any_of(block.transactions, [](const Transaction& tx) { return HasWitness(tx); })};
        return any ? Mutated("unexpected-witness", "CheckWitnessMalleation : unexpected witness data found")
                   : Verdict{};
    }
    const auto& stack{block.transactions[0].inputs[0].witness};
    if (stack.size() != 1 || stack[0].size() != 32) {
        return Mutated("bad-witness-nonce-size", "CheckWitnessMalleation : invalid witness reserved value size");
    }
    const Bytes expected{WitnessCommitmentScript(block, stack[0])};
    // Compare only the commitment: bytes after it have no meaning yet (BIP 141).
    if (!block.transactions[0].outputs[*index].script.starts_with(expected)) {
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

uint64_t CountSigops(std::string_view script)
{
    uint64_t count{0};
    while (!script.empty()) {
        const char opcode{script[0]};
        script = script.substr(1);
        if (static_cast<uint8_t>(opcode) <= OP_PUSHDATA4) {
            if (!SkipPush(static_cast<uint8_t>(opcode), script)) break;
        } else if (opcode == OP_CHECKSIG || opcode == OP_CHECKSIGVERIFY) {
            count += 1;
        } else if (opcode == OP_CHECKMULTISIG || opcode == OP_CHECKMULTISIGVERIFY) {
            count += 20;
        }
    }
    return count;
}

uint64_t CountSigops(const Transaction& tx)
{
    uint64_t count{0};
    for (const TxIn& input : tx.inputs) count += CountSigops(input.script_sig);
    for (const TxOut& output : tx.outputs) count += CountSigops(output.script);
    return count;
}

Bytes WitnessAnyoneCanSpendScript()
{
    Bytes script{OP_0};
    domains::bitcoin::AppendSized(script, domains::bitcoin::Sha256(Bytes{OP_TRUE}));
    return script;
}

bool MaySpend(const TxIn& input, std::string_view script)
{
    if (!input.script_sig.empty()) return false;
    if (script == Bytes{OP_TRUE}) return input.witness.empty();
    return script == WitnessAnyoneCanSpendScript() && input.witness == std::vector<Bytes>{Bytes{OP_TRUE}};
}

Verdict CheckBlock(const Block& block, const CheckOptions& options)
{
    if (options.pow && !HasProofOfWork(block.header)) return {.reason = "high-hash", .debug = "proof of work failed"};
    if (options.merkle_root) {
        if (BlockMerkleRoot(block) != block.header.merkle_root) {
            return Mutated("bad-txnmrklroot", "hashMerkleRoot mismatch");
        }
        if (HasEqualPair(block)) return Mutated("bad-txns-duplicate", "duplicate transaction");
    }
    const auto& transactions{block.transactions};
    if (transactions.empty() || transactions.size() * WITNESS_SCALE_FACTOR > MAX_BLOCK_WEIGHT ||
        Serialize(block, /*with_witness=*/false).size() * WITNESS_SCALE_FACTOR > MAX_BLOCK_WEIGHT) {
        return {.reason = "bad-blk-length", .debug = "size limits failed"};
    }
    if (!IsCoinbase(transactions[0])) return {.reason = "bad-cb-missing", .debug = "first tx is not coinbase"};
    if (std::any_of(transactions.begin() + 1, transactions.end(), IsCoinbase)) {
        return {.reason = "bad-cb-multiple", .debug = "more than one coinbase"};
    }
    return CheckTransactions(block);
}

Verdict CheckHeaderAt(const BlockHeader& header, const Position& position)
{
    if (header.bits != domains::bitcoin::REGTEST_BITS)
        return {.reason = "bad-diffbits", .debug = "incorrect proof of work"};
    if (int64_t{header.time_s} <= position.median_time_past_s) {
        return {.reason = "time-too-old", .debug = "block's timestamp is too early"};
    }
    if (int64_t{header.time_s} > position.now_s + MAX_FUTURE_BLOCK_TIME_S) {
        return {.reason = "time-too-new", .debug = "block timestamp too far in the future"};
    }
    if (static_cast<int32_t>(header.version) < 4) {
        const std::string version{VersionText(header.version)};
        return {.reason = "bad-version(" + version + ")", .debug = "rejected nVersion=" + version + " block"};
    }
    return {};
}

Verdict CheckBodyAt(const Block& block, const Position& position)
{
    if (!std::ranges::all_of(block.transactions, [&](const Transaction& tx) { return IsFinal(tx, position); })) {
        return {.reason = "bad-txns-nonfinal", .debug = "non-final transaction"};
    }
    const Bytes push{domains::bitcoin::HeightScript(static_cast<uint32_t>(position.height))};
    if (!block.transactions[0].inputs[0].script_sig.starts_with(push)) {
        return {.reason = "bad-cb-height", .debug = "block height mismatch in coinbase"};
    }
    if (Verdict verdict{CheckWitnesses(block)}; !verdict.IsValid()) return verdict;
    if (Weight(block) > MAX_BLOCK_WEIGHT) {
        return {.reason = "bad-blk-weight", .debug = "ContextualCheckBlock : weight limit failed"};
    }
    return {};
}

} // namespace mpfuzz::model_node
