#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! What ends a campaign, and where its findings go.
struct CampaignOptions {
    std::optional<uint64_t> runs;
    std::optional<std::chrono::milliseconds> time;
    std::string findings;                   //!< directory
    triage::Record blueprint;               //!< filled in: schema hash, seed, target, command lines, version
    int replays{5};                         //!< of each new finding
    const std::atomic<bool>* stop{nullptr}; //!< set from a signal handler: end after the running program
};

//! A finding as the campaign tells about it.
struct Sighting {
    triage::Identity identity;
    std::string directory;
    uint64_t occurrences{1};
    triage::Verdict verdict; //!< of a new one
    size_t steps{0};         //!< of the smallest program known
};

//! What a campaign says while it runs. Called on the campaign's thread.
struct CampaignReporter {
    std::function<void()> on_program;                //!< after each program
    std::function<void(const Sighting&)> on_finding; //!< a new one, reproduced and minimised
    std::function<void(const std::string&)> on_note; //!< anything else worth a line
};

struct CampaignResult {
    std::vector<Sighting> findings; //!< distinct ones of this campaign, in order of appearance
    std::chrono::nanoseconds elapsed{0};
};

//! Run programs from `next` until an end is reached.
//!
//! Each distinct finding is stored as soon as it is seen, then replayed on fresh targets, minimised,
//! and stored again. An error (the target does not start, the disk is full) ends the campaign; what was
//! found before stays stored.
base::Result<CampaignResult> RunCampaign(const schema::Schema& schema, Harness& harness,
                                         const std::function<program::Program()>& next, const CampaignOptions& options,
                                         const CampaignReporter& reporter);

} // namespace mpfuzz::engine
