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

//! Minimise a stored finding, in its directory: what `mpfuzz minimize` does.
namespace mpfuzz::triage {

//! Run a program once on a fresh target and say what the oracles noticed. An error means that the target cannot be
//! run at all.
using TryRun = std::function<base::Result<std::vector<observe::Finding>>(const program::Program&)>;

struct FindingOptions {
    //! Runs of a candidate, of which one has to show the finding. Nothing: 1 where it always comes back, else 3.
    std::optional<int> tries{};
    std::optional<std::chrono::milliseconds> max_time{};        //!< for all that is run but the last replays
    std::function<bool()> stop{};                               //!< as in MinimizeLimits
    std::function<void(const MinimizeProgress&)> on_progress{}; //!< as in MinimizeLimits
    std::function<void(const std::string&)> on_note{};          //!< a line for the user; may be empty
    std::vector<std::string> extra_arguments{};                 //!< of the target, part of what was tried
};

//! A program with how often it shows a finding.
struct Shown {
    program::Program program;
    Verdict verdict;
};

struct MinimizedFinding {
    Shown from;           //!< the smallest stored program that shows it; no hits where none does
    Shown best;           //!< the smallest found; stored as minimal.mpf with its verdict
    size_t candidates{0}; //!< that were run
    size_t known{0};      //!< candidates that earlier runs had left in minimize.state
    size_t runs{0};       //!< of the target, replays included
    bool complete{true};  //!< as in Minimized
};

//! Replay minimal.mpf, or where that is missing or does not show the finding program.mpf; minimise what shows it; and
//! store each smaller program at once, so that a killed process loses nothing.
//!
//! Where the finding comes back each time, a candidate has to show it twice, and those that passed are kept in
//! minimize.state: the next run does not try them again. Where the smallest program turns out to show it less often
//! than what it came from, the smallest one that does not is taken instead, and minimised with more care. Where it
//! still depends on luck, but no longer does with its last call made several times, that is what is kept.
//!
//! @return An error where the target cannot be run, a program does not parse, or the directory cannot be written.
base::Result<MinimizedFinding> MinimizeFinding(const schema::Schema& schema, const StoredFinding& finding,
                                               const TryRun& run, const FindingOptions& options);

} // namespace mpfuzz::triage
