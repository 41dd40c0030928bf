#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/trace/trace.h>

#include <chrono>
#include <memory>

namespace mpfuzz::execute {

//! Runs programs on a target, one at a time, and turns exceptions of Cap'n Proto into data.
//!
//! It owns an event loop: use it only on the thread that created it.
//!
//! At the end of each program it opens the connection of the next program and asks for the main interface. It waits for
//! the answer only if something was suspicious, or if SetPatient or SetQuiesce was called. Otherwise the next program
//! shows whether the target still answers.
class Executor
{
public:
    //! Borrows schema and target. The first Run starts the target if it does not run yet.
    Executor(const schema::Schema& schema, Target& target, program::TargetRules rules);
    ~Executor();

    //! An error that names the first step that this executor cannot execute. Such a program must not be run.
    base::Status Supports(const program::Program& program) const;

    //! Run a valid program and close all its connections. A failure of the target is recorded in the trace; an error
    //! means that the target could not be started. CHECK fails if Supports returns an error.
    //!
    //! @param await_each  Wait for every call before the next step, instead of pipelining.
    base::Result<trace::Trace> Run(const program::Program& program, bool await_each = false);

    //! Start a new target process, if the target supports that.
    base::Status Restart();
    bool CanRestart() const;
    //! See Target::SetSpares.
    unsigned SetSpares(unsigned count);
    //! See Target::SetSymbolize. The next Restart starts a process of the new kind.
    void SetSymbolize(bool symbolize);
    //! See Target::StartTime.
    std::chrono::nanoseconds StartTime() const;

    //! If true, wait at the end of each program until the target answers on a new connection. By then it has probably
    //! finished its work for the program.
    void SetQuiesce(bool quiesce);

    //! If true, wait longer in two cases: for answers while a call that may block is outstanding, and for the target's
    //! death after the end of a program. Use this if a run must show whether one program alone causes a failure. It is
    //! too slow for ordinary fuzzing.
    void SetPatient(bool patient);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mpfuzz::execute
