#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/engine/worker_pool.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! What a campaign reports about a finding.
struct FindingReport {
    triage::Identity identity;
    std::string directory;
    uint64_t occurrences{1};
    triage::Verdict verdict; //!< no tries: the reporting worker has not replayed it yet, or another worker does
    size_t steps{0};         //!< in the smallest known program
};

struct FindingRecorderOptions {
    std::string findings; //!< directory
    //! The fields that all findings share: schema hash, seed, target, command lines, version.
    triage::Record blueprint;
    int replays{5};                         //!< number of replays of each new finding
    const std::atomic<bool>* stop{nullptr}; //!< if it becomes true, the investigation ends; may be null
};

//! Stores findings at once, then replays and minimises each different finding once in a campaign.
class FindingRecorder
{
public:
    //! Borrows everything except the options.
    //!
    //! @param on_finding  Called for each finding at the end of Keep.
    FindingRecorder(const schema::Schema& schema, Harness& harness, SharedState& shared, FindingRecorderOptions options,
                    std::function<void(const FindingReport&)> on_finding);

    //! Store a finding of the program that the harness ran last, or count it if it is known.
    //!
    //! A new finding is investigated: replayed on new target processes, minimised, and stored again. If it does not
    //! appear in every replay, the next few occurrences are investigated too. An error means that the finding could not
    //! be stored; its message contains the program.
    base::Status Keep(const observe::Finding& finding);

private:
    base::Result<triage::Saved> Store(const observe::Finding& finding, const triage::Identity& identity);
    base::Status Investigate(FindingReport& report, const observe::Finding& finding);
    base::Status Minimize(FindingReport& report);
    triage::Rerun MakeRerun(Ways ways);
    bool IsStopped() const { return m_options.stop && m_options.stop->load(); }

    const schema::Schema& m_schema;
    Harness& m_harness;
    SharedState& m_shared;
    FindingRecorderOptions m_options;
    std::function<void(const FindingReport&)> m_on_finding;
    std::vector<FindingReport> m_claimed; //!< those that this worker investigates
};

} // namespace mpfuzz::engine
