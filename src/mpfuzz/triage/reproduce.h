#pragma once

#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/program/program.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::triage {

//! What makes two findings the same.
struct Identity {
    std::string kind;
    std::string title;
    friend bool operator==(const Identity&, const Identity&) = default;
};

Identity IdentityOf(const observe::Finding& finding);

//! Run a program once on a fresh target and say what the oracles noticed.
using Rerun = std::function<std::vector<observe::Finding>(const program::Program&)>;

//! How often a finding came back. The run that first showed it is not counted.
struct Verdict {
    int hits{0};
    int tries{0};
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline bool IsAlways(const Verdict& verdict) { return verdict.hits == verdict.tries; }

//! `always` where every try hit, `flaky HITS/TRIES` where some did, `once` where none did.
std::string Describe(const Verdict& verdict);

//! Asked before each run but the first: true where no more shall begin. May be empty.
using GiveUp = std::function<bool()>;

//! Run a program `tries` times and count the runs with a finding of the same kind and title.
//!
//! @return As many tries as there were runs.
Verdict Reproduce(const Rerun& rerun, const program::Program& program, const Identity& identity, int tries,
                  const GiveUp& give_up = {});

//! A program that shows a finding on a fresh target.
struct Reproducer {
    program::Program program;
    Verdict verdict;
    size_t programs{1}; //!< how many it is made of
};

//! What a target has run since it was started, for FindReproducer to choose from.
struct Past {
    std::vector<program::Program> history; //!< its last programs, oldest first, not empty
    //! Choices from all that it ran, each oldest first, that somebody has reason to believe are enough. May be none,
    //! and each may be empty.
    std::vector<std::vector<program::Program>> selections{};
};

//! Look for the shortest recent history that shows a finding again.
//!
//! The last program alone, then that made several times and the selections, then the last 2, 4, 8 … appended into one,
//! then all of them; the first of these four that hits at all is taken; where it does not always hit, with every call
//! awaited, with delays before what gives up calls and connections, or with connections closed at once, whichever hits
//! most often. Between two programs all calls are awaited and every open connection is closed, as when they ran.
//!
//! @param past   Its last program is that during which the finding appeared.
//! @param tries  Runs for each candidate, at least 1.
//! @return The last program alone with a verdict of `once` where nothing hits.
//!         Cost: at most `tries` times (8 + twice the selections + log2 of the history's length) runs, and one more
//!         for each repetition and selection.
Reproducer FindReproducer(const Rerun& rerun, const Past& past, const Identity& identity, int tries,
                          const GiveUp& give_up = {});

} // namespace mpfuzz::triage
