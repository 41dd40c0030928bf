#pragma once

#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/program/program.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::triage {

//! Two findings are treated as the same finding if their identities are equal.
struct Identity {
    std::string kind;
    std::string title;
    friend bool operator==(const Identity&, const Identity&) = default;
};

Identity IdentityOf(const observe::Finding& finding);

//! Runs a program once on a fresh target, and returns the findings.
using Rerun = std::function<std::vector<observe::Finding>(const program::Program&)>;

//! How often replays showed a finding. The run that first showed it is not counted.
struct Verdict {
    int hits{0};  //!< number of replays that showed it
    int tries{0}; //!< number of replays
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline bool IsAlways(const Verdict& verdict) { return verdict.hits == verdict.tries; }

//! `always` if every replay showed the finding, `flaky HITS/TRIES` if some did, `once` if none did.
std::string Describe(const Verdict& verdict);

//! Called before each run except the first. Returns true if no more runs may begin. May be empty.
using GiveUp = std::function<bool()>;

//! Runs a program `tries` times and counts the runs with a finding of the same kind and title.
//!
//! @return The verdict. Its `tries` is the number of runs, which is smaller if `give_up` returned true.
Verdict Reproduce(const Rerun& rerun, const program::Program& program, const Identity& identity, int tries,
                  const GiveUp& give_up = {});

//! A program that shows a finding on a fresh target, and how often.
struct Reproducer {
    program::Program program;
    Verdict verdict;
    size_t programs{1}; //!< number of programs that were joined to make this one
};

//! The programs that a target has run since it was started, for FindReproducer().
struct Past {
    std::vector<program::Program> history; //!< the last programs, oldest first; not empty
    //! Selections from all programs that the target ran, each oldest first. One of them may be enough to show the
    //! finding. There may be no selection, and a selection may be empty.
    std::vector<std::vector<program::Program>> selections{};
};

//! Finds the shortest recent history that shows a finding again.
//!
//! Tries these candidates in this order, and uses the first one that shows the finding in any run:
//!
//! 1. the last program alone;
//! 2. the last program several times, and the selections;
//! 3. the last 2, 4, 8 … programs joined into one, and finally all of them.
//!
//! If that candidate does not always show the finding, tries variants of it, and uses the one that shows the finding
//! most often: with every call awaited, with delays before cancels, drops and disconnects, or with connections closed
//! at once. In a joined program, all calls are awaited and all connections closed before the next program begins, as
//! they were when the programs ran.
//!
//! @param past   The finding appeared during the last program of the history.
//! @param tries  Number of runs of each candidate, at least 1.
//! @return The reproducer. If no candidate shows the finding, the last program alone with the verdict `once`.
//!         Cost: at most `tries` times (8 + twice the selections + log2 of the history's length) runs, and one more
//!         for each repetition and selection.
Reproducer FindReproducer(const Rerun& rerun, const Past& past, const Identity& identity, int tries,
                          const GiveUp& give_up = {});

} // namespace mpfuzz::triage
