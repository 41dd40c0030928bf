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

//! Minimises a stored finding in its directory, for `mpfuzz minimize`.
namespace mpfuzz::triage {

//! Runs a program once on a fresh target, and returns what the oracles found. An error means that the target cannot be
//! started.
using TryRun = std::function<base::Result<std::vector<observe::Finding>>(const program::Program&)>;

struct FindingOptions {
    //! Number of runs of a candidate, of which one has to show the finding. By default 1 if the finding always comes
    //! back, otherwise 3.
    std::optional<int> tries{};
    std::optional<std::chrono::milliseconds> max_time{};        //!< for all runs except the last replays
    std::function<bool()> stop{};                               //!< as in MinimizeLimits
    std::function<void(const MinimizeProgress&)> on_progress{}; //!< as in MinimizeLimits
    std::function<void(const std::string&)> on_note{};          //!< a line for the user; may be empty
    std::vector<std::string> extra_arguments{};                 //!< of the target; part of the memo's subject
};

//! A program, and how often it shows a finding.
struct Shown {
    program::Program program;
    Verdict verdict;
};

struct MinimizedFinding {
    Shown from;           //!< the smallest stored program that shows it; no hits if none does
    Shown best;           //!< the smallest program found; stored as minimal.mpf with its verdict
    size_t candidates{0}; //!< number of candidates that were run
    size_t known{0};      //!< number of candidates in minimize.state, from earlier runs
    size_t runs{0};       //!< of the target, replays included
    bool complete{true};  //!< as in Minimized
};

//! Replay minimal.mpf, or program.mpf if minimal.mpf is missing or does not show the finding. Minimise the program that
//! shows it, and store each smaller program at once, so that a killed process loses nothing.
//!
//! If the finding always comes back, a candidate has to show it twice, and candidates that passed are stored in
//! minimize.state: the next run does not try them again. If the smallest program then shows the finding less often than
//! the program that it came from, the smallest one that does not is taken instead, and minimised with more runs of each
//! candidate. If the finding still does not always come back, but does when the last call is repeated, the program with
//! the repeated call is stored.
//!
//! @return An error if the target cannot be started, a program does not parse, or the directory cannot be written.
base::Result<MinimizedFinding> MinimizeFinding(const schema::Schema& schema, const StoredFinding& finding,
                                               const TryRun& run, const FindingOptions& options);

} // namespace mpfuzz::triage
