#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/engine/shared_state.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! A finding as a campaign tells about it.
struct FindingReport {
    triage::Identity identity;
    std::string directory;
    uint64_t occurrences{1};
    triage::Verdict verdict; //!< no tries: not investigated (yet) by whoever tells
    size_t steps{0};         //!< of the smallest program known
};

struct FindingRecorderOptions {
    std::string findings;                   //!< directory
    triage::Record blueprint;               //!< filled in: schema hash, seed, target, command lines, version
    int replays{5};                         //!< of each new finding
    const std::atomic<bool>* stop{nullptr}; //!< end an investigation early; may be null
};

//! Keeps what is found: stores it at once, then replays and minimises it, each finding once a campaign.
class FindingRecorder
{
public:
    //! Borrows everything but the options.
    //!
    //! @param on_finding  Called for each finding that Keep has dealt with.
    FindingRecorder(const schema::Schema& schema, Harness& harness, SharedState& shared, FindingRecorderOptions options,
                    std::function<void(const FindingReport&)> on_finding);

    //! Store a finding of the program that the harness ran last, or count it where it is known.
    //!
    //! A new one is replayed on fresh targets, minimised, and stored again. One that does not always come back is
    //! looked into again when it is seen again, a few times. An error means that it could not be stored, and holds
    //! the program.
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
    std::vector<FindingReport> m_mine; //!< those that are ours to investigate
};

} // namespace mpfuzz::engine
