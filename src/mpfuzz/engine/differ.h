#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/fuzzer.h>
#include <mpfuzz/engine/triage_runner.h>
#include <mpfuzz/engine/worker.h>
#include <mpfuzz/observe/compare.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mpfuzz::engine {

//! Make a program comparable (see observe::IsComparable): remove the steps whose result differs between two runs by
//! chance, and put all calls into one queue.
//!
//! @return nullopt if no comparable call is left. Valid if the given program is. Cost: a pass over the program for each
//!         removed step.
std::optional<program::Program> MakeComparable(program::Program program, const observe::Limits& limits);

//! How two targets answered one program.
struct TwoRuns {
    std::array<trace::Trace, 2> traces;
    std::optional<observe::Difference> difference; //!< nullopt if there is none, or the program is not comparable
};

//! Runs programs on two targets that should give the same answers, and compares them. Both targets have to understand
//! the schema of the first.
class Differ final : public TriageRunner
{
public:
    //! Borrows everything. Makes both targets, which run programs at the same time, and starts none.
    //!
    //! @param restart_every  Programs between restarts of both targets, so that their states stay the same; at least 1.
    Differ(const observe::Limits& limits, const TargetSpec& first, const TargetSpec& second, uint32_t restart_every);

    //! True if both targets can run each step.
    bool Supports(const program::Program& program);

    //! Run a valid program on both targets. An error means that one of them cannot be started.
    base::Result<TwoRuns> Run(const program::Program& program);

    //! Like Run, on new target processes.
    base::Result<TwoRuns> RunBothFresh(const program::Program& program);

    //! RunFresh for triage. If the answers differ, returns one finding of kind `differential` with the trace of the
    //! first target.
    Findings RunFresh(const triage::StoredFinding& finding, const program::Program& program) override;
    uint64_t TargetStarts() const override { return m_starts; }

    //! The finding that two different runs are.
    static observe::Finding FindingOf(const program::Program& program, TwoRuns runs);

private:
    //! Run a task on both targets at the same time; its second parameter is the index of the target. Returns the first
    //! error.
    base::Status OnBoth(const std::function<base::Status(LiveTarget&, size_t)>& task);

    const schema::Schema& m_schema;
    const observe::Limits& m_limits;
    std::array<TargetThread, 2> m_targets;
    uint32_t m_restart_every;
    uint32_t m_since_restart{0};
    bool m_restart_due{false};
    uint64_t m_starts{0};
};
//! Generate comparable programs and run them on both targets, until the context ends the process.
[[noreturn]] void SearchDifferences(WorkerContext& context, const Subject& first, Differ& differ);

} // namespace mpfuzz::engine
