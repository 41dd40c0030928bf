#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/file_lock.h>
#include <mpfuzz/triage/store.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::triage {

//! A finding that this process investigates. Others cannot claim it until the lock is destroyed, or this process ends.
struct ClaimedFinding {
    StoredFinding finding;
    FileLock lock;
};

//! The queue of triage: the findings in a directory whose investigation is not finished (see Stage). Several processes
//! may take findings from one queue.
class Queue
{
public:
    //! @param findings  Directory of all findings. It may not exist yet.
    explicit Queue(std::string findings) : m_findings{std::move(findings)} {}

    //! Claims the finding with the earliest stage, so that all findings get a few tries before one gets many. Of
    //! several it claims the one on which the least time was spent.
    //!
    //! @return nullopt if no finding is left, or if other processes have claimed all of them. An error says which
    //!         finding cannot be read.
    base::Result<std::optional<ClaimedFinding>> Claim();

    //! Number of findings whose investigation is not finished.
    size_t Count();

private:
    std::vector<StoredFinding> Unfinished();

    std::string m_findings;
    //! Which version of a finding.json was read: inode, and time of the last change in ns.
    using FileVersion = std::pair<uint64_t, int64_t>;

    //! Findings that are done, parked or cannot be read: directory, and the version of finding.json that said so.
    std::map<std::string, FileVersion> m_finished;
};

} // namespace mpfuzz::triage
