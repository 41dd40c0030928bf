#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/contact.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/observe/compare.h>
#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>
#include <mpfuzz/triage/store.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! Finds the programs after which the target may have kept threads, descriptors or memory.
//!
//! If the target's usage returns to its level before a program, that program is no longer suspected. A single
//! measurement may include resources that the target is about to free. So only the lowest level since then counts, and
//! all programs between two such levels are suspected together.
class Residue
{
public:
    using Programs = std::vector<std::shared_ptr<const program::Program>>;

    //! For each resource at most this number of the latest programs is kept: a single program that has to reproduce the
    //! growth cannot contain more. Guess, unmeasured.
    static constexpr size_t MAX_PROGRAMS{4096};

    //! Call after each run, if the target is alive.
    void Add(const std::shared_ptr<const program::Program>& program, const trace::UsageRecord& usage);

    //! Call after each restart of the target.
    void Clear();

    //! The suspected programs for threads, descriptors and memory, in this order; oldest first.
    std::array<Programs, 3> Suspects() const;

private:
    //! A usage level, and the programs that ran at this level before the usage rose to the next one.
    struct Span {
        uint64_t level{0};
        Programs programs;
    };
    //! One resource. Each span has a higher level than the one before.
    struct Measure {
        std::vector<Span> spans;
        uint64_t level{0}; //!< current usage
        void Add(const std::shared_ptr<const program::Program>& program, uint64_t baseline, uint64_t after);
        void Trim();
    };

    std::array<Measure, 3> m_measures;
};

//! How a program is run before the oracles check it.
enum class Ways : uint8_t {
    PIPELINED, //!< once, unchanged
    BOTH,      //!< if it is comparable, a second time with every call awaited; the answers are compared
};

//! The way of running that can show findings of this kind.
inline Ways WaysToShow(observe::FindingKind kind)
{
    return kind == observe::FindingKind::SEQUENTIAL ? Ways::BOTH : Ways::PIPELINED;
}

//! Runs programs on one target and judges each run.
//!
//! Restarts the target after every finding, and after the number of programs that target.toml gives.
class Harness
{
public:
    //! @param restart_every  Programs between restarts; 0: restart only after findings.
    Harness(const schema::Schema& schema, execute::Executor& executor, observe::Limits limits, uint32_t restart_every);

    //! From now on, count in `counters` how the calls of each run end: see observe::MarkOutcomes.
    void MarkOutcomesIn(std::span<uint8_t> counters) { m_outcomes = counters; }

    //! Run a valid program and judge it. An error means that the target cannot be started.
    //!
    //! Some comparable programs are run twice, each time on a new target process. This can give findings of kind
    //! `sequential`.
    base::Result<std::vector<observe::Finding>> Run(const program::Program& program);

    //! Run a program alone on a new target process. Afterwards wait a moment, because the target may die late.
    //!
    //! @param trace  If not null, set to the trace of the pipelined run.
    base::Result<std::vector<observe::Finding>> RunFresh(const program::Program& program, Ways ways = Ways::PIPELINED,
                                                         trace::Trace* trace = nullptr);

    //! Run a program and judge it, like RunFresh, but on a target that earlier calls of Screen have used, if starts are
    //! slow. The target may not name the functions in the stack of a crash. So a result has to be confirmed by
    //! RunFresh.
    base::Result<std::vector<observe::Finding>> Screen(const program::Program& program);

    //! The evidence for a finding of the last Run: the programs that the target ran from its start, at most the last
    //! few hundred; and those after which it may have kept resources, if several programs together may be the cause.
    triage::Witness GetWitness(const observe::Finding& finding) const;

    //! Number of target processes that RunFresh and Screen have started.
    uint64_t TargetStarts() const { return m_starts; }

    //! True if the target ended during the last program, by a crash or by a `signal` step.
    bool Ended() const { return m_ended; }

    //! See Contact::Problem.
    std::string TargetProblem() const { return m_ended ? std::string{} : m_contact.Problem(); }

    //! Why fuzzing cannot go on, although it could so far: a target that mpfuzz did not start went away, or ends each
    //! program with the same finding. Otherwise empty.
    std::string LossOfTarget() const;

    const Statistics& GetStatistics() const { return m_statistics; }

private:
    base::Result<std::vector<observe::Finding>> RunAndJudge(const program::Program& program, trace::Trace& trace);
    bool IsComparisonDue(const program::Program& program);
    //! Findings from a run with every call awaited. The pipelined run had no findings.
    std::vector<observe::Finding> CompareRuns(const program::Program& program, const trace::Trace& pipelined,
                                              const trace::Trace& awaited) const;
    base::Status Restart();
    //! Keep more target processes ready if starts are slow and frequent, and fewer if they are not.
    void AdaptSpares();
    //! Restart the target for triage.
    base::Status StartFresh(bool symbolize);

    const schema::Schema& m_schema;
    execute::Executor& m_executor;
    observe::Limits m_limits;
    uint32_t m_restart_every;
    uint32_t m_since_restart{0};
    bool m_restart_due{false};
    bool m_ended{false};      //!< the target ended during the last program
    uint64_t m_comparable{0}; //!< number of comparable programs
    std::deque<std::shared_ptr<const program::Program>> m_history;
    Residue m_residue;
    Contact m_contact;
    std::optional<observe::Identity> m_last_identity; //!< of the last run's first finding
    unsigned m_equal_runs{0};                         //!< number of runs in a row with m_last_identity
    unsigned m_spares{1};
    std::chrono::steady_clock::time_point m_last_restart{};
    uint64_t m_starts{0};
    uint32_t m_screened{0};                    //!< number of programs that Screen ran on the current target
    std::chrono::nanoseconds m_report_time{0}; //!< how long the last crash took with the names of functions
    Statistics m_statistics;
    std::span<uint8_t> m_outcomes; //!< empty: do not count outcomes
};

} // namespace mpfuzz::engine
