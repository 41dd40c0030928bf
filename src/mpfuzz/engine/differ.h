#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/lab.h>
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
class Differ
{
public:
    //! Borrows schema and limits. Makes both labs, which run programs at the same time. Starts no target.
    //!
    //! @param restart_every  Programs between restarts of both targets, so that their states stay the same; at least 1.
    Differ(const schema::Schema& schema, const observe::Limits& limits, const MakeLab& first, const MakeLab& second,
           uint32_t restart_every);

    //! True if both targets can run each step.
    bool Supports(const program::Program& program);

    //! Run a valid program on both targets. An error means that one of them cannot be started.
    base::Result<TwoRuns> Run(const program::Program& program);

    //! Like Run, on new target processes.
    base::Result<TwoRuns> RunFresh(const program::Program& program);

    //! RunFresh for triage. If the answers differ, returns one finding of kind `differential` with the trace of the
    //! first target.
    base::Result<std::vector<observe::Finding>> FindFresh(const program::Program& program);

    uint64_t Programs() const { return m_programs; }

private:
    //! Run a task on both labs at the same time; its second parameter is the index of the lab. Returns the first error.
    base::Status OnBoth(const std::function<base::Status(Lab&, size_t)>& task);

    const schema::Schema& m_schema;
    const observe::Limits& m_limits;
    std::array<LabThread, 2> m_labs;
    uint32_t m_restart_every;
    uint32_t m_since_restart{0};
    bool m_restart_due{false};
    uint64_t m_programs{0};
};

} // namespace mpfuzz::engine
