#include <targets/model_node/chain/chain.h>

#include <targets/model_node/chain/params.h>

#include <algorithm>
#include <stdexcept>

namespace mpfuzz::model_node {
namespace {

// Guess: more than a program can make. Limits the memory that a hostile client can take.
constexpr size_t MAX_REMEMBERED{1'000};

using domains::bitcoin::RegtestGenesis;

} // namespace

Chain::Chain() : m_monitor{Tip{.hash = Hash(RegtestGenesis()), .height = 0}}
{
    // Do not add the genesis block's output to the coins: it cannot be spent.
    Remember(RegtestGenesis(), GetTip().hash, /*height=*/0, /*on_chain=*/true);
    m_mempool.Refill(m_coins);
}

Chain::~Chain() = default;

BlockTemplate Chain::CreateTemplate(const TemplateOptions& options) const
{
    if (const std::string problem{ExplainBadOptions(options)}; !problem.empty()) throw std::runtime_error{problem};
    const std::lock_guard lock{m_mutex};
    const Position position{PositionAfter(TipBlock())};
    const int64_t time_s{std::max(position.median_time_past_s + 1, position.now_s)};
    return AssembleTemplate(options, m_mempool, TipBlock().hash, position.height, time_s);
}

Verdict Chain::Check(const Block& block, const CheckOptions& options) const
{
    const std::lock_guard lock{m_mutex};
    if (block.header.previous != TipBlock().hash) return {.reason = "inconclusive-not-best-prevblk"};
    const Position position{PositionAfter(TipBlock())};
    if (Verdict verdict{CheckBlock(block, options)}; !verdict.IsValid()) return verdict;
    if (Verdict verdict{CheckHeaderAt(block.header, position)}; !verdict.IsValid()) return verdict;
    if (Verdict verdict{CheckBodyAt(block, position)}; !verdict.IsValid()) return verdict;
    return m_coins.Check(block, position.height);
}

Verdict Chain::Submit(const Block& block)
{
    if (Verdict verdict{CheckBlock(block, {})}; !verdict.IsValid()) return verdict;
    const Hash256 hash{Hash(block.header)};
    const std::lock_guard lock{m_mutex};
    if (m_blocks.contains(hash)) return {.reason = "duplicate"};
    if (m_invalid.contains(hash)) {
        return {.reason = "duplicate-invalid", .debug = "block " + ShowHash(hash) + " was previously marked invalid"};
    }
    const auto previous{m_blocks.find(block.header.previous)};
    if (previous == m_blocks.end()) {
        return {.reason = m_invalid.contains(block.header.previous) ? "bad-prevblk" : "prev-blk-not-found"};
    }
    return Accept(block, hash, previous->second);
}

// The rest of Submit, for a new block whose parent is known.
Verdict Chain::Accept(const Block& block, const Hash256& hash, const KnownBlock& previous)
{
    const Position position{PositionAfter(previous)};
    if (Verdict verdict{CheckHeaderAt(block.header, position)}; !verdict.IsValid()) return verdict;
    if (Verdict verdict{CheckBodyAt(block, position)}; !verdict.IsValid()) {
        if (!verdict.mutated) MarkInvalid(hash);
        return verdict;
    }
    if (previous.hash != TipBlock().hash) {
        Remember(block.header, hash, position.height, /*on_chain=*/false);
        return {.reason = "inconclusive"};
    }
    if (Verdict verdict{m_coins.Check(block, position.height)}; !verdict.IsValid()) {
        MarkInvalid(hash);
        return verdict;
    }
    Remember(block.header, hash, position.height, /*on_chain=*/true);
    m_coins.Connect(block, position.height);
    m_mempool.Remove(block);
    m_mempool.Refill(m_coins);
    m_monitor.Publish({.hash = hash, .height = position.height});
    return {};
}

std::vector<Hash256> Chain::Generate(int count)
{
    std::vector<Hash256> hashes;
    while (count > 0) {
        Block block{CreateTemplate({}).block};
        block.header.merkle_root = BlockMerkleRoot(block);
        while (!HasProofOfWork(block.header)) ++block.header.nonce;
        // Another thread may have changed the tip in between: try again on the new tip.
        if (!Submit(block).IsValid()) continue;
        hashes.push_back(Hash(block.header));
        --count;
    }
    return hashes;
}

std::optional<KnownBlock> Chain::FindByHash(const Hash256& hash) const
{
    const std::lock_guard lock{m_mutex};
    const auto it{m_blocks.find(hash)};
    return it == m_blocks.end() ? std::nullopt : std::optional{it->second};
}

std::optional<KnownBlock> Chain::FindByHeight(int64_t height) const
{
    const std::lock_guard lock{m_mutex};
    if (height < 0 || height >= static_cast<int64_t>(m_chain.size())) return std::nullopt;
    return m_blocks.at(m_chain[static_cast<size_t>(height)]);
}

int64_t Chain::MedianTimePast(const Hash256& hash) const
{
    const std::lock_guard lock{m_mutex};
    const auto it{m_blocks.find(hash)};
    return it == m_blocks.end() ? 0 : MedianTimePastOf(it->second);
}

std::vector<MempoolEntry> Chain::MempoolEntries() const
{
    const std::lock_guard lock{m_mutex};
    return m_mempool.Entries();
}

std::optional<Transaction> Chain::FindByTxId(const Hash256& txid) const
{
    const std::lock_guard lock{m_mutex};
    const MempoolEntry* entry{m_mempool.FindByTxId(txid)};
    return entry == nullptr ? std::nullopt : std::optional{entry->tx};
}

std::optional<Transaction> Chain::FindByWitnessTxId(const Hash256& wtxid) const
{
    const std::lock_guard lock{m_mutex};
    const MempoolEntry* entry{m_mempool.FindByWitnessTxId(wtxid)};
    return entry == nullptr ? std::nullopt : std::optional{entry->tx};
}

int64_t Chain::MedianTimePastOf(const KnownBlock& block) const
{
    std::vector<uint32_t> times;
    const KnownBlock* walk{&block};
    while (times.size() < MEDIAN_TIME_SPAN) {
        times.push_back(walk->header.time_s);
        const auto previous{m_blocks.find(walk->header.previous)};
        if (previous == m_blocks.end()) break; // The genesis block, or a side block whose parent was forgotten.
        walk = &previous->second;
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
}

int64_t Chain::Now() const { return CLOCK_START_S + CLOCK_STEP_S * TipBlock().height; }

Position Chain::PositionAfter(const KnownBlock& previous) const
{
    return {.height = previous.height + 1, .median_time_past_s = MedianTimePastOf(previous), .now_s = Now()};
}

void Chain::Remember(const BlockHeader& header, const Hash256& hash, int height, bool on_chain)
{
    m_blocks[hash] = {.header = header, .hash = hash, .height = height, .on_chain = on_chain};
    if (on_chain) {
        m_chain.push_back(hash);
        return;
    }
    m_side_blocks.push_back(hash);
    if (m_side_blocks.size() <= MAX_REMEMBERED) return;
    m_blocks.erase(m_side_blocks.front());
    m_side_blocks.pop_front();
}

void Chain::MarkInvalid(const Hash256& hash)
{
    if (!m_invalid.insert(hash).second) return;
    m_invalid_order.push_back(hash);
    if (m_invalid_order.size() <= MAX_REMEMBERED) return;
    m_invalid.erase(m_invalid_order.front());
    m_invalid_order.pop_front();
}

} // namespace mpfuzz::model_node
