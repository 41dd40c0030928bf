#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/residue.h>
#include <mpfuzz/engine/statistics.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/observe/compare.h>
#include <mpfuzz/observe/oracles.h>

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! How a program is run to be judged.
enum class Ways : uint8_t {
    PIPELINED, //!< once, as it stands
    BOTH,      //!< where it is comparable, also with every call awaited, and the answers compared
};

//! The ways that can show findings of a kind.
inline Ways WaysToShow(std::string_view kind) { return kind == observe::SEQUENTIAL ? Ways::BOTH : Ways::PIPELINED; }

//! Runs programs on one target and judges each run.
//!
//! Keeps the target in shape: restarts it where the reset policy asks for it, and after every finding.
class Harness
{
public:
    //! @param restart_every  Programs between restarts; 0 for none but those after findings.
    Harness(const schema::Schema& schema, execute::Executor& executor, observe::Limits limits, uint32_t restart_every);

    //! From now on, mark in `counters` what each run shows from outside: see observe::MarkOutcomes.
    void MarkOutcomesIn(std::span<uint8_t> counters) { m_outcomes = counters; }

    //! Run a valid program and judge it. An error means that the target cannot be started.
    //!
    //! Now and then a comparable program is run twice, each time on a fresh target: findings of kind `sequential`.
    base::Result<std::vector<observe::Finding>> Run(const program::Program& program);

    //! Run a program alone on a fresh target, which gets time to die of it afterwards.
    //!
    //! @param trace  Where not null: set to what happened in the pipelined run.
    base::Result<std::vector<observe::Finding>> RunFresh(const program::Program& program, Ways ways = Ways::PIPELINED,
                                                         trace::Trace* trace = nullptr);

    //! Programs that the target ran when the last finding appeared, since its start; at most a few hundred, oldest
    //! first.
    const std::deque<std::shared_ptr<const program::Program>>& History() const { return m_history; }

    //! Of all programs since the target's start, those that may have left something behind.
    const Residue& GetResidue() const { return m_residue; }

    //! The last program ended the target, by a crash or as it told it to.
    bool Ended() const { return m_ended; }

    const Statistics& GetStatistics() const { return m_statistics; }

private:
    base::Result<std::vector<observe::Finding>> RunAndJudge(const program::Program& program, trace::Trace& trace);
    bool IsComparisonDue(const program::Program& program);
    //! What a run with every call awaited shows besides the pipelined one, in which nothing was found.
    std::vector<observe::Finding> CompareRuns(const program::Program& program, const trace::Trace& pipelined,
                                              const trace::Trace& awaited) const;
    base::Status Restart();

    const schema::Schema& m_schema;
    execute::Executor& m_executor;
    observe::Limits m_limits;
    uint32_t m_restart_every;
    uint32_t m_since_restart{0};
    bool m_restart_due{false};
    bool m_ended{false};      //!< the target, with the last program
    uint64_t m_comparable{0}; //!< programs that were
    std::deque<std::shared_ptr<const program::Program>> m_history;
    Residue m_residue;
    Statistics m_statistics;
    std::span<uint8_t> m_outcomes; //!< empty: not wanted
};

} // namespace mpfuzz::engine
