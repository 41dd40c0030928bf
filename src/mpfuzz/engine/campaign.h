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

//! What decides which programs are worth keeping and changing.
enum class Guidance : uint8_t {
    NONE,     //!< nothing: every program is made anew
    OUTCOMES, //!< how calls end, as seen from outside
    COVERAGE, //!< that, and the edges that the target reaches
};

//! What ends a campaign, how it goes about it, and where everything goes.
struct CampaignOptions {
    std::optional<uint64_t> runs;
    std::optional<std::chrono::milliseconds> time;
    std::optional<uint64_t> max_findings; //!< distinct ones
    Guidance guidance{Guidance::COVERAGE};
    uint64_t seed{1};
    unsigned jobs{1};               //!< worker processes
    std::string corpus;             //!< directory: programs worth changing come from here and go here
    std::string logs;               //!< directory for what the workers say on standard error
    FindingRecorderOptions keeping; //!< stop: the end of the campaign, set from a signal handler
};

//! How far a campaign has come.
struct Progress {
    Statistics statistics;
    mutate::MutatorStatistics mutators;
    size_t edges{0};    //!< distinct ones of the target, reached so far; 0 where it is not instrumented
    size_t features{0}; //!< edges with classes of counts, and outcomes
    size_t findings{0}; //!< distinct ones
    std::chrono::nanoseconds elapsed{0};
};

//! What a campaign says while it runs. Called on the campaign's thread.
struct CampaignReporter {
    std::function<void(const Progress&)> on_progress;     //!< about five times a second
    std::function<void(const FindingReport&)> on_finding; //!< a new one, reproduced and minimised
    std::function<void(const std::string&)> on_note;      //!< anything else worth a line
};

struct CampaignResult {
    std::vector<FindingReport> findings; //!< distinct ones of this campaign, in order of appearance
    Progress progress;
    size_t own_bugs{0}; //!< workers that a CHECK ended: bugs of mpfuzz itself
};

//! Fuzz until an end is reached, in worker processes that are replaced where they die.
//!
//! Each distinct finding is stored as soon as it is seen, then replayed on fresh targets, minimised,
//! and stored again; findings never end a campaign by themselves and do not enter the corpus. An error (the target
//! does not start, the disk is full) ends the campaign; what was found before stays stored.
//!
//! The process must have no other threads: it forks.
base::Result<CampaignResult> RunCampaign(const Subject& subject, const CampaignOptions& options,
                                         const CampaignReporter& reporter);

} // namespace mpfuzz::engine
