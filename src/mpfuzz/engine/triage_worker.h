#pragma once

#include <mpfuzz/engine/triage_runner.h>
#include <mpfuzz/engine/worker.h>

namespace mpfuzz::engine {

//! Number of processes that do triage while fuzzing goes on.
unsigned TriageJobsWhileFuzzing(const CampaignOptions& options);

//! Investigate the findings of the queue in this process. Ends the process if the campaign is over, or if fuzzing has
//! ended and nothing is left that this process can claim.
//!
//! While fuzzing goes on, it pauses between runs, so that triage gets its share of the time.
[[noreturn]] void RunTriage(WorkerContext& context, const schema::Schema& schema, TriageRunner& runner);

} // namespace mpfuzz::engine
