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

//! Unspent outputs by their outpoint. Not thread-safe. Holds at most a fixed number of coins. If it is full, it ignores
//! new outputs; to spend such an output is the same error as to spend an output that does not exist.
class Coins
{
public:
    void Add(const OutPoint& outpoint, Coin coin);

    //! Checks the transactions of `block` at `height`: inputs exist and are mature, amounts are in range, and scripts
    //! allow the spending (ConnectBlock in Bitcoin Core).
    Verdict Check(const Block& block, int height) const;

    //! Removes the outputs that `block` spends, and adds its new ones. The block must have passed `Check`.
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

//! Invented transactions, because clients cannot send transactions to this node. There are always three, one of them
//! with a witness. Each spends an invented output. They depend only on the number of invented transactions that were
//! mined before. Not thread-safe.
class Mempool
{
public:
    //! Sorted by fee rate, highest first.
    const std::vector<MempoolEntry>& Entries() const { return m_entries; }

    //! Invents the missing transactions, and adds the outputs that they spend to `coins`.
    void Refill(Coins& coins);

    //! Removes the transactions that are in `block`, and those that spend the same outputs.
    void Remove(const Block& block);

    const MempoolEntry* FindByTxId(const Hash256& txid) const;
    const MempoolEntry* FindByWitnessTxId(const Hash256& wtxid) const;

private:
    std::vector<MempoolEntry> m_entries;
    uint32_t m_next{0};
};

} // namespace mpfuzz::model_node
