#pragma once

#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/engine/counters.h>
#include <mpfuzz/engine/worker_pool.h>

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
inline constexpr int WORKER_ERROR{2}; //!< the worker has sent an ERROR report

//! Fuzz in this process until the campaign ends, then exit the process.
//!
//! @param seed  Different for each worker.
//! @param pipe  Descriptor to which the worker writes its reports.
[[noreturn]] void RunWorker(const WorkerContext& context, uint64_t seed, int pipe);

} // namespace mpfuzz::engine
