#include <mpfuzz/engine/finding_table.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// How often the occurrences of findings are written to the disk.
constexpr std::chrono::seconds FLUSH_INTERVAL{1};

// A finding is parked if this number of triage workers died while they investigated it.
constexpr unsigned MAX_LOST_WORKERS{3};

} // namespace

FindingTable::FindingTable(CampaignMemory& memory, std::string findings, Callbacks callbacks)
    : m_memory{memory}, m_findings{std::move(findings)}, m_callbacks{std::move(callbacks)}
{
    for (const std::string& directory : triage::List(m_findings)) {
        auto stored{triage::LoadSummary(directory)};
        if (!stored) {
            m_callbacks.on_problem(stored.GetError().message);
            continue;
        }
        const uint64_t digest{triage::DigestOf(stored->record.identity)};
        FindingSlot* const slot{m_memory.FindSlot(digest, stored->record.identity.kind)};
        if (!slot) continue;
        slot->version = 1;
        slot->wants_witness = triage::WantsWitness(*stored);
        Add(digest, {.slot = slot, .stored = std::move(*stored), .version = 1});
    }
}

void FindingTable::Add(uint64_t digest, Entry entry)
{
    m_entries.emplace(digest, std::move(entry));
    m_order.push_back(digest);
}

void FindingTable::Refresh()
{
    for (FindingSlot* const slot : m_memory.Slots()) {
        const uint64_t digest{slot->digest}, version{slot->version};
        auto known{m_entries.find(digest)};
        if (version == 0 || (known != m_entries.end() && known->second.version == version)) continue;
        auto stored{triage::LoadSummary(m_findings + "/" + triage::DirectoryName(slot->kind, digest))};
        if (!stored) {
            m_callbacks.on_problem(stored.GetError().message);
            continue;
        }
        const bool is_new{known == m_entries.end()};
        if (is_new) {
            // The first occurrence was stored with the finding.
            Add(digest, {.slot = slot, .stored = *stored, .flushed = 1});
            known = m_entries.find(digest);
        }
        Entry& entry{known->second};
        entry.version = version;
        entry.stored = std::move(*stored);
        if (is_new) m_callbacks.on_found(entry.stored);
        if (entry.stored.IsFinished() && !std::exchange(entry.verdict_told, true)) m_callbacks.on_verdict(entry.stored);
    }
    if (Clock::now() - m_flushed >= FLUSH_INTERVAL) Flush();
}

void FindingTable::Flush()
{
    m_flushed = Clock::now();
    for (auto& [digest, entry] : m_entries) {
        const uint64_t occurrences{entry.slot->occurrences};
        if (occurrences <= entry.flushed) continue;
        const uint64_t more{occurrences - std::exchange(entry.flushed, occurrences)};
        entry.stored.occurrences += more;
        const auto stored{triage::Update(entry.stored.directory, [more](triage::StoredFinding& finding) {
            finding.occurrences += more;
            finding.last_seen = triage::Timestamp();
        })};
        if (!stored) m_callbacks.on_problem(stored.GetError().message);
    }
}

const FindingTable::Entry* FindingTable::Find(uint64_t digest) const
{
    const auto found{m_entries.find(digest)};
    return found == m_entries.end() ? nullptr : &found->second;
}

std::vector<const FindingTable::Entry*> FindingTable::Entries() const
{
    std::vector<const Entry*> entries;
    for (const uint64_t digest : m_order) entries.push_back(Find(digest));
    return entries;
}

size_t FindingTable::Waiting() const
{
    return static_cast<size_t>(
        std::ranges::count_if(m_entries, [](const auto& entry) { return !entry.second.stored.IsFinished(); }));
}

bool FindingTable::CountLostWorker(uint64_t digest)
{
    const Entry* const entry{Find(digest)};
    if (!entry) return false;
    bool is_parked{false};
    const auto stored{triage::Update(entry->stored.directory, [&](triage::StoredFinding& finding) {
        is_parked = ++finding.lost_workers >= MAX_LOST_WORKERS;
        if (is_parked) finding.stage = triage::Stage::PARKED;
    })};
    if (!stored) m_callbacks.on_problem(stored.GetError().message);
    ++entry->slot->version;
    return is_parked;
}

} // namespace mpfuzz::engine
