#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/finding_recorder.h>
#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/mutate/mutator_statistics.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! What decides which programs are kept and mutated.
enum class Guidance : uint8_t {
    NONE,     //!< nothing: every program is newly generated
    OUTCOMES, //!< how the calls of a program end
    COVERAGE, //!< how the calls end, and which edges the target reaches
};

//! When a campaign ends, how it works, and where it writes its files.
struct CampaignOptions {
    std::optional<uint64_t> runs;
    std::optional<std::chrono::milliseconds> time;
    std::optional<uint64_t> max_findings; //!< maximum number of different findings
    Guidance guidance{Guidance::COVERAGE};
    uint64_t seed{1};
    unsigned jobs{1};               //!< worker processes
    std::string corpus;             //!< directory: programs to mutate are read from here and written to it
    std::string logs;               //!< directory for the standard error of the workers
    FindingRecorderOptions keeping; //!< its `stop` ends the campaign; a signal handler may set it
};

//! The progress of a campaign.
struct Progress {
    Statistics statistics;
    mutate::MutatorStatistics mutators;
    size_t edges{0};    //!< number of different edges reached so far; 0 if the target is not instrumented
    size_t features{0}; //!< see FeatureSet::Features
    size_t findings{0}; //!< number of different findings
    std::chrono::nanoseconds elapsed{0};
};

//! Functions that a campaign calls while it runs, on its own thread.
struct CampaignReporter {
    std::function<void(const Progress&)> on_progress;     //!< about five times a second
    std::function<void(const FindingReport&)> on_finding; //!< a new finding, after it was replayed and minimised
    std::function<void(const std::string&)> on_note;      //!< any other message for the user
};

struct CampaignResult {
    std::vector<FindingReport> findings; //!< the different findings of this campaign, in order of appearance
    Progress progress;
    size_t own_bugs{0}; //!< number of workers that a failed CHECK ended: bugs in mpfuzz itself
};

//! Fuzz until one of the limits in the options is reached. The work is done in worker processes; a worker that dies
//! is replaced.
//!
//! Each new finding is stored at once, then replayed on new target processes, minimised, and stored again. A finding
//! does not end the campaign, and its program does not enter the corpus. An error (the target does not start, the disk
//! is full) ends the campaign; the findings stay stored.
//!
//! This function forks, so the process must have no other threads.
base::Result<CampaignResult> RunCampaign(const Subject& subject, const CampaignOptions& options,
                                         const CampaignReporter& reporter);

} // namespace mpfuzz::engine
