#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/engine/triage_runner.h>
#include <mpfuzz/engine/worker.h>
#include <mpfuzz/mutate/mutator_statistics.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! What the worker processes of a campaign do. Each function is called in a worker process.
struct CampaignWork {
    const schema::Schema& schema;
    //! Fuzzes until the context ends the process.
    std::function<void(WorkerContext&)> fuzz;
    //! Makes what runs findings again.
    std::function<std::unique_ptr<TriageRunner>()> make_triage_runner;
};

//! A finding, as far as it has been investigated.
struct FindingSummary {
    triage::StoredFinding stored; //!< without the content of its files
    uint64_t occurrences{0};      //!< in this campaign
};

//! An investigation that is going on.
struct Investigating {
    observe::Identity identity;
    triage::Stage stage{triage::Stage::REPLAY};
    std::chrono::nanoseconds elapsed{0};
};

//! The progress of a campaign.
struct Progress {
    Statistics statistics; //!< of the processes that fuzz
    mutate::MutatorStatistics mutators;
    size_t edges{0};    //!< number of different edges reached so far; 0 if the target is not instrumented
    size_t features{0}; //!< see FeatureSet::Features
    size_t findings{0}; //!< number of different findings that are stored
    std::chrono::nanoseconds elapsed{0};
    std::chrono::nanoseconds fuzzing{0};   //!< how long fuzzing went on
    std::chrono::nanoseconds in_triage{0}; //!< total time of the runs that triage made
    bool fuzzing_ended{false};
    std::vector<Investigating> investigating;
    size_t waiting{0}; //!< number of findings whose investigation is not finished
};

//! Functions that a campaign calls while it runs, on its own thread. Any may be empty.
struct CampaignReporter {
    std::function<void(const Progress&)> on_progress;             //!< about five times a second
    std::function<void(const triage::StoredFinding&)> on_found;   //!< a new finding was stored
    std::function<void(const triage::StoredFinding&)> on_verdict; //!< its investigation is finished
    std::function<void(const std::string&)> on_note;              //!< any other message for the user
};

struct CampaignResult {
    std::vector<FindingSummary> findings; //!< the different findings of this campaign, in order of appearance
    Progress progress;
    size_t own_bugs{0};      //!< number of workers that a failed CHECK ended: bugs in mpfuzz itself
    bool interrupted{false}; //!< a signal ended the campaign
};

//! Fuzz until one of the limits in the options is reached, then go on with triage for a while.
//!
//! Fuzzing and triage are done in worker processes; a worker that dies is replaced. Each new finding is stored at once.
//! Triage takes the findings from the queue (triage/queue.h), replays them on new target processes, minimises them, and
//! stores them again. A finding does not end the campaign. What is left in the queue can be investigated later.
//!
//! An error (the target does not start, the disk is full, another campaign uses the directory) ends the campaign; the
//! findings stay stored. A signal ends it within two seconds, whatever the workers are doing.
//!
//! This function forks, so the process must have no other threads.
base::Result<CampaignResult> RunCampaign(const CampaignWork& work, const CampaignOptions& options,
                                         const CampaignReporter& reporter);

} // namespace mpfuzz::engine
