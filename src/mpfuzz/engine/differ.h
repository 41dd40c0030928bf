#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/engine/lab_thread.h>
#include <mpfuzz/observe/compare.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! A comparable program out of one that may not be: without the steps that make the difference between two runs a
//! matter of luck, and with all its calls in one queue. See observe::IsComparable.
//!
//! @return Nothing where nothing comparable is left. Valid if the program was. Cost: a pass over it for each step that
//!         goes.
std::optional<program::Program> MakeComparable(program::Program program, const observe::Limits& limits);

//! How two targets answered one program.
struct TwoRuns {
    std::array<trace::Trace, 2> traces;
    std::optional<observe::Difference> difference; //!< none where the program is not comparable, too
};

//! Runs programs on two targets that have to answer alike, and compares. Both speak the schema of the first.
class Differ
{
public:
    //! Borrows schema and limits. Makes the labs, but starts no target yet; they run at the same time.
    //!
    //! @param restart_every  Programs between restarts of both, so that their states stay alike; at least 1.
    Differ(const schema::Schema& schema, const observe::Limits& limits, const MakeLab& first, const MakeLab& second,
           uint32_t restart_every);

    //! True where both can carry out each step.
    bool Supports(const program::Program& program);

    //! Run a valid program on both. An error means that one of them cannot be started.
    base::Result<TwoRuns> Run(const program::Program& program);

    //! The same on fresh targets.
    base::Result<TwoRuns> RunFresh(const program::Program& program);

    //! RunFresh as triage wants it: one finding of kind `differential`, with the first target's trace, or none.
    base::Result<std::vector<observe::Finding>> FindFresh(const program::Program& program);

    uint64_t Programs() const { return m_programs; }

private:
    //! Do something on both labs at the same time, told which of them it is. The first error, if any.
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
