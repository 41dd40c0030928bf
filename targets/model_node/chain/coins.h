// The set of unspent outputs, and the transactions that wait for a block.
#pragma once

#include <targets/model_node/chain/block.h>
#include <targets/model_node/chain/check.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mpfuzz::model_node {

struct Coin {
    TxOut output;
    int height{0};
    bool from_coinbase{false};
};

//! Unspent outputs by where they are. Not thread-safe. Holds at most a fixed number of coins: outputs of
//! later blocks are then forgotten, and spending them is an error like spending what never was.
class Coins
{
public:
    void Add(const OutPoint& place, Coin coin);

    //! Whether the transactions of `block` may be spent at `height`: inputs there and mature, amounts in
    //! order, scripts known (ConnectBlock in Bitcoin Core). Changes nothing.
    Verdict Check(const Block& block, int height) const;

    //! Spend and add what `block` does. Must have passed `Check`.
    void Connect(const Block& block, int height);

private:
    std::map<OutPoint, Coin> m_coins;
};

struct MempoolEntry {
    Transaction tx;
    Hash256 txid;
    Hash256 wtxid;
    int64_t fee_sat{0};
    uint64_t sigops_cost{0};
    size_t weight{0};
};

//! A handful of transactions of the model's own invention. Nobody can send transactions to this node, so it
//! makes them up: each spends one output of a "faucet" that exists nowhere else, and there are always three,
//! one of them with a witness. Which ones depends only on how many were mined before. Not thread-safe.
class Mempool
{
public:
    //! Entries by falling fee rate.
    const std::vector<MempoolEntry>& Entries() const { return m_entries; }

    //! Make up what is missing, and add the faucet's outputs for it to `coins`.
    void Refill(Coins& coins);

    //! Forget what `block` contains, and what can no longer be mined because of it.
    void Remove(const Block& block);

    const MempoolEntry* FindByTxId(const Hash256& txid) const;
    const MempoolEntry* FindByWitnessTxId(const Hash256& wtxid) const;

private:
    std::vector<MempoolEntry> m_entries;
    uint32_t m_next{0};
};

} // namespace mpfuzz::model_node
