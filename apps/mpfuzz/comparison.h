#pragma once

#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/engine/differ.h>
#include <mpfuzz/triage/store.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::apps {

//! Compares two targets, and stores, minimises and prints the differences. Search and Replay return an exit status.
class Comparison
{
public:
    //! Borrows everything. Words after `--` are for the second target. The targets are not started yet.
    Comparison(const DiffOptions& options, const Invocation& invocation, const Setup& first, const Setup& second);

    //! Generate and run programs until this time, a limit in the options or a signal ends the search.
    int Search(std::optional<std::chrono::milliseconds> time);

    //! Run one program several times, each time on new targets.
    int Replay(const program::Program& program);

private:
    bool IsOver(std::optional<std::chrono::steady_clock::time_point> end) const;
    base::Status Keep(const program::Program& program, const engine::TwoRuns& runs);
    base::Status Investigate(const std::string& directory, const program::Program& program,
                             const engine::TwoRuns& seen);
    triage::Record MakeRecord(const program::Program& program, const engine::TwoRuns& runs) const;
    //! The first (0) or second (1) target as the user named it.
    std::string NameOf(size_t which) const;
    void Show(const program::Program& program, const engine::TwoRuns& runs, const triage::Verdict& verdict) const;
    std::string AnswerText(const program::Program& program, const trace::Trace& trace, program::StepIndex step) const;
    bool IsStopped() const { return m_stop.load(); }
    uint64_t Programs() const { return m_differ.Programs() - m_replays; }

    const DiffOptions& m_options;
    const std::atomic<bool>& m_stop{HandleSignals()};
    const Invocation& m_invocation;
    const Setup& m_first;
    engine::Differ m_differ;
    uint64_t m_replays{0}; //!< runs that were made to investigate a difference
    std::vector<triage::Identity> m_found;
};

} // namespace mpfuzz::apps
