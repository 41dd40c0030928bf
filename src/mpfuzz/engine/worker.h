#pragma once

#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/engine/counters.h>
#include <mpfuzz/engine/shared_state.h>

namespace mpfuzz::engine {

//! What all workers of a campaign share.
struct WorkerContext {
    const Subject& subject;
    const CampaignOptions& options;
    std::chrono::steady_clock::time_point start;
    SharedState& shared;
    FeatureSet& features_seen;
};

//! Exit statuses of a worker, besides base::EXIT_OWN_BUG.
inline constexpr int WORKER_DONE{0};
inline constexpr int WORKER_ERROR{2}; //!< an ERROR report says which

//! Fuzz in this process until the campaign's end, then leave the process.
//!
//! @param seed  Differs from worker to worker.
//! @param pipe  Where its reports go.
[[noreturn]] void RunWorker(const WorkerContext& context, uint64_t seed, int pipe);

} // namespace mpfuzz::engine
