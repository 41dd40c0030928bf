#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/observe/finding.h>
#include <mpfuzz/program/program.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::triage {

using observe::Identity;

//! Runs a program once, and returns the findings. An error means that the target cannot be started.
using TryRun = std::function<base::Result<std::vector<observe::Finding>>(const program::Program&)>;

//! How often replays showed a finding. The run that first showed it is not counted.
struct Verdict {
    int hits{0};  //!< number of replays that showed it
    int tries{0}; //!< number of replays
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline bool IsAlways(const Verdict& verdict) { return verdict.hits == verdict.tries; }

//! True if a larger part of the replays showed the finding.
inline bool IsBetter(const Verdict& a, const Verdict& b) { return a.hits * b.tries > b.hits * a.tries; }

//! `always` if every replay showed the finding, `flaky HITS/TRIES` if some did, `once` if none did, `not yet replayed`
//! if there was none.
std::string Describe(const Verdict& verdict);

//! Returns true if no more runs may begin. May be empty.
using GiveUp = std::function<bool()>;

//! Replays programs, and counts the runs that show one finding. After an error nothing is run any more.
class Replayer
{
public:
    //! @param stop     Asked before each run except the first.
    //! @param is_late  Asked before each new program, so that a verdict does not depend on the time.
    Replayer(TryRun run, Identity identity, GiveUp stop = {}, GiveUp is_late = {})
        : m_run{std::move(run)}, m_identity{std::move(identity)}, m_stop{std::move(stop)}, m_is_late{std::move(is_late)}
    {
    }

    //! Runs a program `tries` times.
    //!
    //! @return The verdict. Its `tries` is the number of runs, which is smaller if `stop` returned true, or after an
    //!         error.
    Verdict Replay(const program::Program& program, int tries);

    //! True if no other program may be run.
    bool IsOver() const { return IsStopped() || (m_is_late && m_is_late()); }
    //! The error of the target; nullopt if there was none.
    const std::optional<base::Error>& Failure() const { return m_failure; }
    //! The finding in the latest run that showed it.
    const std::optional<observe::Finding>& Shown() const { return m_shown; }
    //! Number of runs so far.
    size_t Runs() const { return m_runs; }

private:
    bool IsStopped() const { return m_failure || (m_stop && m_stop()); }

    TryRun m_run;
    Identity m_identity;
    GiveUp m_stop;
    GiveUp m_is_late;
    std::optional<base::Error> m_failure;
    std::optional<observe::Finding> m_shown;
    size_t m_runs{0};
};

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
//! After an error of the replayer the result means nothing.
//!
//! @param past   The finding appeared during the last program of the history.
//! @param tries  Number of runs of each candidate, at least 1.
//! @return The reproducer. If no candidate shows the finding, the last program alone with the verdict `once`.
//!         Cost: at most `tries` times (8 + twice the selections + log2 of the history's length) runs, and one more
//!         for each repetition and selection.
Reproducer FindReproducer(Replayer& replayer, const Past& past, int tries);

} // namespace mpfuzz::triage
