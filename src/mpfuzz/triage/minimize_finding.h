#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/triage/minimize.h>
#include <mpfuzz/triage/reproduce.h>
#include <mpfuzz/triage/store.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

//! Minimises a stored finding in its directory.
namespace mpfuzz::triage {

struct FindingOptions {
    //! Replay the stored program first. If not, its stored verdict is used.
    bool replay_first{true};
    //! Runs a candidate for the first time, if it is cheaper than a run on a fresh target; may be empty. A result that
    //! shows the finding is confirmed on a fresh target.
    TryRun screen{};
    //! Number of runs of a candidate, of which at least one must show the finding. The default is 1 if all replays of
    //! the stored program show the finding, otherwise 3.
    std::optional<int> tries{};
    std::optional<std::chrono::milliseconds> max_time{};        //!< time limit for all runs except the last replays
    std::function<bool()> stop{};                               //!< as in MinimizeLimits
    std::function<void(const MinimizeProgress&)> on_progress{}; //!< as in MinimizeLimits
    std::function<void(const std::string&)> on_note{};          //!< called with a line for the user; may be empty
    std::vector<std::string> extra_arguments{};                 //!< the target's; part of the memo's subject
};

//! A program, and how often it shows the finding.
struct ProgramWithVerdict {
    program::Program program;
    Verdict verdict;
};

struct MinimizedFinding {
    ProgramWithVerdict from; //!< the smallest stored program that shows the finding; no hits if none does
    ProgramWithVerdict best; //!< the smallest program found; stored as minimal.mpf with its verdict
    size_t candidates{0};    //!< number of candidates that were run
    size_t known{0};         //!< number of candidates in minimize.state, from earlier minimisations
    size_t runs{0};          //!< number of runs of the target, including replays
    bool complete{true};     //!< as in Minimized
    bool has_memo{false};    //!< the next call goes on where this one ended
};

//! Replays the stored program and minimises it.
//!
//! The stored program is minimal.mpf, or program.mpf if minimal.mpf is missing or does not show the finding. Each
//! smaller program is stored at once, so that nothing is lost if the process is killed.
//!
//! If all replays of the stored program show the finding, a candidate must show it twice. Candidates that passed are
//! then stored in minimize.state, and later minimisations do not try them again.
//!
//! Afterwards the smallest program is replayed. If it shows the finding less often than the stored program, a larger
//! program that shows it as often is used instead. If the stored program always showed the finding, that larger program
//! is minimised again, with more runs of each candidate.
//!
//! If the resulting program does not always show the finding, but always does with its last call repeated, the program
//! with the repeated call is stored.
//!
//! @return An error if the target cannot be started, a program does not parse, or the directory cannot be written.
base::Result<MinimizedFinding> MinimizeFinding(const schema::Schema& schema, const StoredFinding& finding,
                                               const TryRun& run, const FindingOptions& options);

} // namespace mpfuzz::triage
