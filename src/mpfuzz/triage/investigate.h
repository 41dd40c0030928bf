#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/schema/schema.h>
#include <mpfuzz/triage/reproduce.h>
#include <mpfuzz/triage/store.h>

#include <chrono>
#include <functional>

namespace mpfuzz::triage {

struct InvestigationOptions {
    int replays{5}; //!< number of replays of each candidate
    //! Time limit of the first piece of the stage SEARCH, as cost_of_piece counts it. The next piece begins from the
    //! start, with as much time as all triage of this finding so far, but not more than `max_search_time`.
    std::chrono::milliseconds search_time{};
    std::chrono::milliseconds max_search_time{};
    std::chrono::milliseconds minimize_time{};   //!< time limit of one piece of the stage MINIMIZE
    std::function<bool()> stop{};                //!< returns true if the investigation has to end; may be empty
    std::function<TriageCost()> cost_of_piece{}; //!< the cost of this piece of work so far; empty: none
    TryRun screen{};                             //!< see FindingOptions::screen; may be empty
};

//! Does the next piece of work on a finding: what its stage says. Stores the result at once, and the next stage:
//!
//!     REPLAY ── always ──────────► MINIMIZE ──► DONE
//!        └───── otherwise ► SEARCH ──┘
//!
//! The stages SEARCH and MINIMIZE may need several pieces. If `stop` ends a piece early, the finding stays in its
//! stage. A finding of a driver is only replayed.
//!
//! @param run  Runs a program on a fresh target. For a finding of a driver: runs the driver with the stored seed.
//! @return The finding's summary afterwards. An error if the target cannot be started or a file cannot be read or
//!         written; the stage is then the same as before.
base::Result<StoredFinding> Investigate(const schema::Schema& schema, const StoredFinding& finding, const TryRun& run,
                                        const InvestigationOptions& options);

} // namespace mpfuzz::triage
