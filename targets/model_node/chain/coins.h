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

//! Unspent outputs by their position. Not thread-safe. Holds at most a fixed number of coins: if it is full, it ignores
//! new outputs, and to spend one is the same error as for an output that does not exist.
class Coins
{
public:
    void Add(const OutPoint& place, Coin coin);

    //! Check the transactions of `block` at `height`: inputs exist and are mature, amounts are in range, and scripts
    //! allow the spending (ConnectBlock in Bitcoin Core). Changes nothing.
    Verdict Check(const Block& block, int height) const;

    //! Spend and add outputs as `block` does. It must have passed `Check`.
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

//! Invented transactions. Nobody can send transactions to this node, so it makes them up: there are always three, one
//! of them with a witness, and each spends an invented output. Which ones depends only on how many were mined before.
//! Not thread-safe.
class Mempool
{
public:
    //! Sorted by fee rate, highest first.
    const std::vector<MempoolEntry>& Entries() const { return m_entries; }

    //! Make up the missing transactions, and add the outputs that they spend to `coins`.
    void Refill(Coins& coins);

    //! Remove the transactions that are in `block`, and those that spend the same outputs.
    void Remove(const Block& block);

    const MempoolEntry* FindByTxId(const Hash256& txid) const;
    const MempoolEntry* FindByWitnessTxId(const Hash256& wtxid) const;

private:
    std::vector<MempoolEntry> m_entries;
    uint32_t m_next{0};
};

} // namespace mpfuzz::model_node
