#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/trace/trace.h>

#include <memory>

namespace mpfuzz::execute {

//! Runs programs on a target, one at a time. The one place where exceptions of Cap'n Proto become data.
//!
//! Owns an event loop: use it on the thread that made it. At the end of each program the next one's connection
//! is opened. Where something was suspicious, or a settling time is set, its main interface has to answer at
//! once; otherwise the next program shows whether the target still does.
class Executor
{
public:
    //! Borrows schema and target. The target need not have been started.
    Executor(const schema::Schema& schema, Target& target, program::TargetRules rules);
    ~Executor();

    //! An error that names the step which this executor cannot carry out; a program is refused whole.
    base::Status Supports(const program::Program& program) const;

    //! Run a valid program and close all its connections. The target failing is in the trace; an error
    //! means that there is no target to run on. CHECK fails where Supports has an error.
    //!
    //! @param await_each  Wait for every call before the next step, instead of pipelining.
    base::Result<trace::Trace> Run(const program::Program& program, bool await_each = false);

    //! Start a fresh target process, where the target can.
    base::Status Restart();
    bool CanRestart() const;

    //! Wait at the end of each program until the target has dealt with it, as far as one can see from outside: until
    //! it answers again.
    void SetQuiesce(bool quiesce);

    //! Take time: for answers behind a call that may block, and for the target to die of a program's end. For runs that
    //! have to show whether a program is guilty on its own, not for the thousands in between.
    void SetPatient(bool patient);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mpfuzz::execute
