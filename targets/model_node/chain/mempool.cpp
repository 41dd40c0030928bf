#include <targets/model_node/chain/mempool.h>

#include <targets/model_node/chain/params.h>
#include <targets/model_node/chain/script.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace mpfuzz::model_node {
namespace {

constexpr size_t ENTRIES{3};
constexpr int64_t FAUCET_SAT{1'000'000};
constexpr int64_t FEE_STEP_SAT{1'000};

OutPoint FaucetOutPoint(uint32_t number)
{
    constexpr std::string_view LABEL{"mpfuzz model_node faucet"};
    Writer preimage;
    preimage.VarBytes(Bytes{LABEL.begin(), LABEL.end()});
    preimage.Integer(number);
    return {.txid = DoubleSha256(preimage.View()), .index = 0};
}

// Three kinds in turn: plain, with a witness, and with a signature operation to count.
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
    input.prevout = faucet;
    if (witness) input.witness = {{OP_TRUE}};
    Bytes script{OP_TRUE};
    if (kind == 2) script = {1, 0x02, OP_CHECKSIG};
    entry.tx.outputs.push_back({.value_sat = FAUCET_SAT - entry.fee_sat, .script = std::move(script)});
    entry.txid = TxId(entry.tx);
    entry.wtxid = WitnessTxId(entry.tx);
    entry.sigops_cost = CountSigops(entry.tx) * WITNESS_SCALE_FACTOR;
    entry.weight = Weight(entry.tx);
    return entry;
}

// Whether `a` pays more for its weight. Fees and weights are small: no overflow.
bool PaysMore(const MempoolEntry& a, const MempoolEntry& b)
{
    return a.fee_sat * static_cast<int64_t>(b.weight) > b.fee_sat * static_cast<int64_t>(a.weight);
}

} // namespace

void Mempool::Refill(Coins& coins)
{
    while (m_entries.size() < ENTRIES) m_entries.push_back(Invent(m_next++, coins));
    std::ranges::stable_sort(m_entries, PaysMore);
}

void Mempool::Remove(const Block& block)
{
    std::set<OutPoint> spent;
    for (const Transaction& tx : block.transactions) {
        for (const TxIn& input : tx.inputs) spent.insert(input.prevout);
    }
    std::erase_if(m_entries, [&](const MempoolEntry& entry) { return spent.contains(entry.tx.inputs[0].prevout); });
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
