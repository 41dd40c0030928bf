#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/harness.h>
#include <mpfuzz/engine/live_target.h>
#include <mpfuzz/triage/reproduce.h>
#include <mpfuzz/triage/store.h>

#include <cstdint>
#include <vector>

namespace mpfuzz::engine {

//! Runs again what showed a finding. There is one implementation for each way in which findings are found: programs on
//! one target, programs on two targets, drivers.
class TriageRunner
{
public:
    using Findings = base::Result<std::vector<observe::Finding>>;

    virtual ~TriageRunner() = default;

    //! Run a program once on a fresh target. For a finding of a driver: run the driver with the finding's seed.
    //! An error means that the target cannot be started, or cannot run the program.
    virtual Findings RunFresh(const triage::StoredFinding& finding, const program::Program& program) = 0;

    //! Like RunFresh, but may be cheaper and less exact: a result with the finding has to be confirmed by RunFresh.
    virtual Findings Screen(const triage::StoredFinding& finding, const program::Program& program)
    {
        return RunFresh(finding, program);
    }

    //! Number of target processes that were started for runs.
    virtual uint64_t TargetStarts() const = 0;
};

//! Runs programs on one target.
class ProgramRunner final : public TriageRunner
{
public:
    //! Borrows everything. The target starts with the first run.
    ProgramRunner(const TargetSpec& spec, const observe::Limits& limits);

    Findings RunFresh(const triage::StoredFinding& finding, const program::Program& program) override;
    //! If the target takes long to start: runs the program on the live target, and restarts it only if something was
    //! found, or after some runs. If a sanitizer takes long to name the functions of a stack, it does not name them; a
    //! crash then counts as the finding if that is a crash.
    Findings Screen(const triage::StoredFinding& finding, const program::Program& program) override;
    uint64_t TargetStarts() const override { return m_harness.TargetStarts(); }

private:
    LiveTarget m_target;
    Harness m_harness;
};

} // namespace mpfuzz::engine
