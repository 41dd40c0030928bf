// The chain: known blocks, the tip, and templates for the next block.
#pragma once

#include <targets/model_node/chain/check.h>
#include <targets/model_node/chain/coins.h>
#include <targets/model_node/chain/template.h>
#include <targets/model_node/tip_monitor.h>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace mpfuzz::model_node {

struct KnownBlock {
    BlockHeader header;
    Hash256 hash;
    int height{0};
    bool on_chain{false};
};

//! A chain in memory with simplified rules of regtest. It never reorganises: a valid block that is not on the chain
//! stays "inconclusive", even if other blocks build on it. It has no script interpreter (see `MaySpend`), and it
//! ignores relative lock times. Thread-safe; every call is short.
class Chain
{
public:
    Chain();
    ~Chain();

    TipMonitor& Monitor() { return m_monitor; }
    Tip GetTip() const { return m_monitor.Current(); }

    //! Returns a block on the current tip. Throws std::runtime_error if the options are out of range.
    BlockTemplate CreateTemplate(const TemplateOptions& options) const;

    //! Checks whether `block` could be the next one (Bitcoin Core: TestBlockValidity).
    Verdict Check(const Block& block, const CheckOptions& options) const;

    //! Adds `block`. The verdict is valid only if the block became the tip; otherwise it is "duplicate", "inconclusive"
    //! or the broken rule.
    Verdict Submit(const Block& block);

    //! Mines `count` blocks with all transactions in the mempool. Returns their hashes.
    std::vector<Hash256> Generate(int count);

    std::optional<KnownBlock> FindByHash(const Hash256& hash) const;
    std::optional<KnownBlock> FindByHeight(int64_t height) const;
    int64_t MedianTimePast(const Hash256& hash) const;

    std::vector<MempoolEntry> MempoolEntries() const;
    std::optional<Transaction> FindByTxId(const Hash256& txid) const;
    std::optional<Transaction> FindByWitnessTxId(const Hash256& wtxid) const;

private:
    const KnownBlock& TipBlock() const { return m_blocks.at(m_chain.back()); }
    int64_t MedianTimePastOf(const KnownBlock& block) const;
    int64_t Now() const;
    Position PositionAfter(const KnownBlock& previous) const;
    void Remember(const BlockHeader& header, const Hash256& hash, int height, bool on_chain);
    void MarkInvalid(const Hash256& hash);
    Verdict Accept(const Block& block, const Hash256& hash, const KnownBlock& previous);

    mutable std::mutex m_mutex;
    std::map<Hash256, KnownBlock> m_blocks;
    std::vector<Hash256> m_chain;      // By height.
    std::deque<Hash256> m_side_blocks; // Oldest first; bounded.
    std::set<Hash256> m_invalid;       // Bounded, together with the next.
    std::deque<Hash256> m_invalid_order;
    Coins m_coins;
    Mempool m_mempool;
    TipMonitor m_monitor;
};

} // namespace mpfuzz::model_node
