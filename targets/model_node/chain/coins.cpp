#include <targets/model_node/chain/coins.h>

#include <targets/model_node/chain/params.h>
#include <targets/model_node/chain/script.h>

#include <optional>
#include <set>

namespace mpfuzz::model_node {
namespace {

// Guess: far above what programs make, far below what hurts.
constexpr size_t MAX_COINS{200'000};

// What one block would do to the coins, on top of what is there.
class Overlay
{
public:
    Overlay(const std::map<OutPoint, Coin>& base, int height) : m_base{base}, m_height{height} {}

    // Spend the inputs of `tx`; its fee goes to `fee_sat`.
    Verdict Spend(const Transaction& tx, int64_t& fee_sat)
    {
        int64_t value_in{0};
        std::vector<const Coin*> spent;
        for (const TxIn& input : tx.inputs) {
            const Coin* coin{Find(input.prevout)};
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
        for (const TxIn& input : tx.inputs) m_spent.insert(input.prevout);
        fee_sat = value_in - value_out;
        return {};
    }

    void Create(const Transaction& tx)
    {
        const Hash256 txid{TxId(tx)};
        for (uint32_t i{0}; i < tx.outputs.size(); ++i) {
            m_created[{txid, i}] = {.output = tx.outputs[i], .height = m_height, .from_coinbase = tx.IsCoinbase()};
        }
    }

private:
    const Coin* Find(const OutPoint& place) const
    {
        if (m_spent.contains(place)) return nullptr;
        if (const auto it{m_created.find(place)}; it != m_created.end()) return &it->second;
        const auto it{m_base.find(place)};
        return it == m_base.end() ? nullptr : &it->second;
    }

    const std::map<OutPoint, Coin>& m_base;
    int m_height;
    std::set<OutPoint> m_spent;
    std::map<OutPoint, Coin> m_created;
};

} // namespace

void Coins::Add(const OutPoint& place, Coin coin)
{
    if (m_coins.size() < MAX_COINS) m_coins.insert_or_assign(place, std::move(coin));
}

Verdict Coins::Check(const Block& block, int height) const
{
    Overlay overlay{m_coins, height};
    int64_t fees_sat{0};
    for (const Transaction& tx : block.transactions) {
        int64_t fee_sat{0};
        if (!tx.IsCoinbase()) {
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
        for (const TxIn& input : tx.inputs) m_coins.erase(input.prevout);
        const Hash256 txid{TxId(tx)};
        for (uint32_t i{0}; i < tx.outputs.size(); ++i) {
            const Bytes& script{tx.outputs[i].script};
            if (!script.empty() && script[0] == OP_RETURN) continue;
            Add({txid, i}, {.output = tx.outputs[i], .height = height, .from_coinbase = tx.IsCoinbase()});
        }
    }
}

} // namespace mpfuzz::model_node
