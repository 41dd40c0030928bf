#pragma once

#include <mpfuzz/engine/campaign_memory.h>
#include <mpfuzz/triage/store.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! The supervisor's view of the findings in a directory: what is stored about each, and how often it appeared in this
//! campaign. Workers store the findings, and tell in the shared memory what has changed.
class FindingTable
{
public:
    struct Entry {
        FindingSlot* slot;
        triage::StoredFinding stored; //!< without the content of its files
        uint64_t version{0};          //!< of the slot when `stored` was read
        uint64_t flushed{0};          //!< number of occurrences in this campaign that are on the disk
        bool verdict_told{false};
    };

    //! Called when something has changed, or cannot be read or written. None may be empty.
    struct Callbacks {
        std::function<void(const triage::StoredFinding&)> on_found;   //!< a new finding was stored
        std::function<void(const triage::StoredFinding&)> on_verdict; //!< its investigation is finished
        std::function<void(const std::string&)> on_problem;
    };

    //! Borrows the memory. Reads the findings that earlier campaigns have stored.
    FindingTable(CampaignMemory& memory, std::string findings, Callbacks callbacks);

    //! Read what workers have stored since the last call. Once a second, also write the occurrences to the disk.
    void Refresh();
    //! Write the occurrences to the disk.
    void Flush();

    //! The finding with this digest; nullptr if it is not stored.
    const Entry* Find(uint64_t digest) const;
    //! In the order in which they appeared.
    std::vector<const Entry*> Entries() const;
    //! Number of findings whose investigation is not finished.
    size_t Waiting() const;

    //! Note that a triage worker died while it investigated a finding. At the third time, park the finding.
    //! @return True if it is parked.
    bool CountLostWorker(uint64_t digest);

private:
    void Add(uint64_t digest, Entry entry);

    CampaignMemory& m_memory;
    std::string m_findings; //!< directory
    Callbacks m_callbacks;
    std::map<uint64_t, Entry> m_entries; //!< by digest
    std::vector<uint64_t> m_order;       //!< digests
    std::chrono::steady_clock::time_point m_flushed{std::chrono::steady_clock::now()};
};

} // namespace mpfuzz::engine
