#include <targets/model_node/chain/coins.h>

#include <targets/model_node/chain/params.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace mpfuzz::model_node {
namespace {

// Guess: far more than programs make, and little memory.
constexpr size_t MAX_COINS{200'000};

// The changes that one block would make to the coins.
class Overlay
{
public:
    Overlay(const std::map<OutPoint, Coin>& base, int height) : m_base{base}, m_height{height} {}

    // Spends the inputs of `tx`, and sets `fee_sat` to its fee.
    Verdict Spend(const Transaction& tx, int64_t& fee_sat)
    {
        int64_t value_in{0};
        std::vector<const Coin*> spent;
        for (const TxIn& input : tx.inputs) {
            const Coin* coin{Find(SpentBy(input))};
            if (coin == nullptr) {
                return {.reason = "bad-txns-inputs-missingorspent", .debug = "CheckTxInputs: inputs missing/spent"};
            }
            spent.push_back(coin);
        }
        for (const Coin* coin : spent) {
            if (coin->from_coinbase && m_height - coin->height < COINBASE_MATURITY) {
                return {.reason = "bad-txns-premature-spend-of-coinbase",
                        .debug = "tried to spend coinbase at depth " + std::to_string(m_height - coin->height)};
            }
            value_in += coin->output.value_sat;
            if (value_in > MAX_MONEY_SAT) return {.reason = "bad-txns-inputvalues-outofrange"};
        }
        int64_t value_out{0};
        for (const TxOut& output : tx.outputs) value_out += output.value_sat;
        if (value_in < value_out) return {.reason = "bad-txns-in-belowout"};
        for (size_t i{0}; i < spent.size(); ++i) {
            if (!MaySpend(tx.inputs[i], spent[i]->output.script)) return {.reason = "block-script-verify-flag-failed"};
        }
        for (const TxIn& input : tx.inputs) m_spent.insert(SpentBy(input));
        fee_sat = value_in - value_out;
        return {};
    }

    void Create(const Transaction& tx)
    {
        const Hash256 txid{Txid(tx)};
        for (uint32_t i{0}; i < tx.outputs.size(); ++i) {
            m_created[{txid, i}] = {.output = tx.outputs[i], .height = m_height, .from_coinbase = IsCoinbase(tx)};
        }
    }

private:
    const Coin* Find(const OutPoint& outpoint) const
    {
        if (m_spent.contains(outpoint)) return nullptr;
        if (const auto it{m_created.find(outpoint)}; it != m_created.end()) return &it->second;
        const auto it{m_base.find(outpoint)};
        return it == m_base.end() ? nullptr : &it->second;
    }

    const std::map<OutPoint, Coin>& m_base;
    int m_height;
    std::set<OutPoint> m_spent;
    std::map<OutPoint, Coin> m_created;
};

constexpr size_t ENTRIES{3};
constexpr int64_t FAUCET_SAT{1'000'000};
constexpr int64_t FEE_STEP_SAT{1'000};

OutPoint FaucetOutPoint(uint32_t number)
{
    constexpr std::string_view LABEL{"mpfuzz model_node faucet"};
    Bytes preimage;
    domains::bitcoin::AppendSized(preimage, LABEL);
    domains::bitcoin::AppendInteger(preimage, number);
    return {.txid = DoubleSha256(preimage), .output = 0};
}

// Invents a transaction. There are three kinds, in turn: plain, with a witness, and with a signature operation.
MempoolEntry Invent(uint32_t number, Coins& coins)
{
    const uint32_t kind{number % 3};
    const OutPoint faucet{FaucetOutPoint(number)};
    const bool witness{kind == 1};
    coins.Add(faucet, {.output = {.value_sat = FAUCET_SAT,
                                  .script = witness ? WitnessAnyoneCanSpendScript() : Bytes{OP_TRUE}}});
    MempoolEntry entry;
    entry.fee_sat = FEE_STEP_SAT * (kind + 1);
    TxIn& input{entry.tx.inputs.emplace_back()};
    input.txid = faucet.txid;
    input.output = faucet.output;
    if (witness) input.witness.emplace_back(1, OP_TRUE);
    Bytes script{OP_TRUE};
    if (kind == 2) script = {1, 2, OP_CHECKSIG};
    entry.tx.outputs.push_back({.value_sat = FAUCET_SAT - entry.fee_sat, .script = std::move(script)});
    entry.txid = Txid(entry.tx);
    entry.wtxid = WitnessTxid(entry.tx);
    entry.sigops_cost = CountSigops(entry.tx) * WITNESS_SCALE_FACTOR;
    entry.weight = Weight(entry.tx);
    return entry;
}

// True if the fee rate of `a` is higher. Fees and weights are small: no overflow.
bool PaysMore(const MempoolEntry& a, const MempoolEntry& b)
{
    return a.fee_sat * static_cast<int64_t>(b.weight) > b.fee_sat * static_cast<int64_t>(a.weight);
}

} // namespace

void Coins::Add(const OutPoint& outpoint, Coin coin)
{
    if (m_coins.size() < MAX_COINS) m_coins.insert_or_assign(outpoint, std::move(coin));
}

Verdict Coins::Check(const Block& block, int height) const
{
    Overlay overlay{m_coins, height};
    int64_t fees_sat{0};
    for (const Transaction& tx : block.transactions) {
        int64_t fee_sat{0};
        if (!IsCoinbase(tx)) {
            if (Verdict verdict{overlay.Spend(tx, fee_sat)}; !verdict.IsValid()) return verdict;
        }
        fees_sat += fee_sat;
        if (fees_sat > MAX_MONEY_SAT) {
            return {.reason = "bad-txns-accumulated-fee-outofrange",
                    .debug = "accumulated fee in the block out of range"};
        }
        overlay.Create(tx);
    }
    int64_t paid_sat{0};
    for (const TxOut& output : block.transactions[0].outputs) paid_sat += output.value_sat;
    const int64_t limit_sat{fees_sat + Subsidy(height)};
    if (paid_sat > limit_sat) {
        return {.reason = "bad-cb-amount",
                .debug = "coinbase pays too much (actual=" + std::to_string(paid_sat) +
                         " vs limit=" + std::to_string(limit_sat) + ")"};
    }
    return {};
}

void Coins::Connect(const Block& block, int height)
{
    for (const Transaction& tx : block.transactions) {
        for (const TxIn& input : tx.inputs) m_coins.erase(SpentBy(input));
        const Hash256 txid{Txid(tx)};
        for (uint32_t i{0}; i < tx.outputs.size(); ++i) {
            const Bytes& script{tx.outputs[i].script};
            if (!script.empty() && script[0] == OP_RETURN) continue;
            Add({txid, i}, {.output = tx.outputs[i], .height = height, .from_coinbase = IsCoinbase(tx)});
        }
    }
}

void Mempool::Refill(Coins& coins)
{
    while (m_entries.size() < ENTRIES) m_entries.push_back(Invent(m_next++, coins));
    std::ranges::stable_sort(m_entries, PaysMore);
}

void Mempool::Remove(const Block& block)
{
    std::set<OutPoint> spent;
    for (const Transaction& tx : block.transactions) {
        for (const TxIn& input : tx.inputs) spent.insert(SpentBy(input));
    }
    std::erase_if(m_entries, [&](const MempoolEntry& entry) { return spent.contains(SpentBy(entry.tx.inputs[0])); });
}

const MempoolEntry* Mempool::FindByTxId(const Hash256& txid) const
{
    const auto it{std::ranges::find(m_entries, txid, &MempoolEntry::txid)};
    return it == m_entries.end() ? nullptr : &*it;
}

const MempoolEntry* Mempool::FindByWitnessTxId(const Hash256& wtxid) const
{
    const auto it{std::ranges::find(m_entries, wtxid, &MempoolEntry::wtxid)};
    return it == m_entries.end() ? nullptr : &*it;
}

} // namespace mpfuzz::model_node
