#pragma once

#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/program/program.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::triage {

//! Two findings are the same if these are equal.
struct Identity {
    std::string kind;
    std::string title;
    friend bool operator==(const Identity&, const Identity&) = default;
};

Identity IdentityOf(const observe::Finding& finding);

//! Runs a program once on a fresh target, and returns what the oracles found.
using Rerun = std::function<std::vector<observe::Finding>(const program::Program&)>;

//! How often a finding came back in replays. The run that first showed it is not counted.
struct Verdict {
    int hits{0};
    int tries{0};
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline bool IsAlways(const Verdict& verdict) { return verdict.hits == verdict.tries; }

//! `always` if every try showed the finding, `flaky HITS/TRIES` if some did, `once` if none did.
std::string Describe(const Verdict& verdict);

//! Called before each run but the first: returns true if no more runs may begin. May be empty.
using GiveUp = std::function<bool()>;

//! Run a program `tries` times and count the runs with a finding of the same kind and title.
//!
//! @return As many tries as there were runs.
Verdict Reproduce(const Rerun& rerun, const program::Program& program, const Identity& identity, int tries,
                  const GiveUp& give_up = {});

//! A program that shows a finding on a fresh target, and how often.
struct Reproducer {
    program::Program program;
    Verdict verdict;
    size_t programs{1}; //!< number of programs that it was joined from
};

//! The programs that a target has run since it was started, for FindReproducer().
struct Past {
    std::vector<program::Program> history; //!< the last programs, oldest first; not empty
    //! Selections from all programs that it ran, each oldest first, that may be enough to show the finding. May be
    //! empty, as may each selection.
    std::vector<std::vector<program::Program>> selections{};
};

//! Look for the shortest recent history that shows a finding again.
//!
//! Tries the last program alone; then the last program several times and the selections; then the last 2, 4, 8 …
//! programs joined into one; then all of them. Takes the first of these that shows the finding at all. If it does not
//! always show it, tries variants: with every call awaited, with delays before cancels, drops and disconnects, or with
//! connections closed at once; and takes the one that shows it most often. Between two programs all calls are awaited
//! and all connections closed, as they were when the programs ran.
//!
//! @param past   The finding appeared during the last program of the history.
//! @param tries  Runs for each candidate, at least 1.
//! @return The last program alone with a verdict of `once`, if nothing shows the finding.
//!         Cost: at most `tries` times (8 + twice the selections + log2 of the history's length) runs, and one more
//!         for each repetition and selection.
Reproducer FindReproducer(const Rerun& rerun, const Past& past, const Identity& identity, int tries,
                          const GiveUp& give_up = {});

} // namespace mpfuzz::triage
