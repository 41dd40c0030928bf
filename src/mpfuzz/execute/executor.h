#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <chrono>
#include <memory>
#include <vector>

namespace mpfuzz::execute {

//! How long to wait for what, and for what not to wait.
struct Deadlines {
    std::chrono::milliseconds reply{5'000};      //!< an answer that is due
    std::chrono::milliseconds program{20'000};   //!< all steps together
    std::chrono::milliseconds bootstrap{10'000}; //!< a fresh connection's main interface
    //! The next answer, while others may rightly be late because a call that may block is outstanding.
    std::chrono::milliseconds blocked{5};
    std::chrono::milliseconds end{10'000};   //!< the process's end after a `signal` step
    std::chrono::milliseconds canary{1'000}; //!< the answer to a second client; 0 for no such client
    //! What each deadline is extended by once it is over: a machine that stood still shows as a deadline that has
    //! passed although nobody had a chance to meet it.
    std::chrono::milliseconds grace{500};
    //! Usage above the baseline at which one looks again until SETTLE_TIME is over: what is left behind may yet go.
    trace::Usage max_growth{trace::DEFAULT_GROWTH};
    std::vector<schema::MethodRef> may_block;
    std::vector<program::Signal::Kind> signals; //!< that programs may send
};

//! Runs programs on a target, one at a time, and turns exceptions of Cap'n Proto into data.
//!
//! It owns an event loop: use it only on the thread that made it. At the end of each program it opens the connection of
//! the next one. If something was suspicious, or SetPatient or SetQuiesce was called, it then waits for the main
//! interface; otherwise the next program shows whether the target still answers.
class Executor
{
public:
    //! Borrows schema and target. The target need not have been started.
    Executor(const schema::Schema& schema, Target& target, Deadlines deadlines);
    ~Executor();

    //! An error that names the first step that this executor cannot execute. Such a program must not be run.
    base::Status Supports(const program::Program& program) const;

    //! Run a valid program and close all its connections. A failure of the target is recorded in the trace; an error
    //! means that the target could not be started. CHECK fails if Supports returns an error.
    //!
    //! @param await_each  Wait for every call before the next step, instead of pipelining.
    base::Result<trace::Trace> Run(const program::Program& program, bool await_each = false);

    //! Start a fresh target process, if the target supports that.
    base::Status Restart();
    bool CanRestart() const;

    //! Wait at the end of each program until the target answers on a new connection: it has then probably finished
    //! its work for the program.
    void SetQuiesce(bool quiesce);

    //! Wait longer for answers while a call that may block is outstanding, and for the target's death after a program's
    //! end. For runs that must show whether one program alone causes a failure; too slow for ordinary fuzzing.
    void SetPatient(bool patient);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mpfuzz::execute
