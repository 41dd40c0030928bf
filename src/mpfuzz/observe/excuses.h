#pragma once

#include <mpfuzz/observe/oracles.h>

#include <optional>

//! What a program does that excuses the target from promises that it has to keep otherwise.
namespace mpfuzz::observe {

//! True if the program sends raw messages or bytes on that connection: what comes back may answer those.
bool SendsRaw(const program::Program& program, std::optional<program::StepIndex> connection);

//! True if the program sends a signal to the target's process. The calls that wait then end early, in any order.
bool SendsSignal(const program::Program& program);

//! True if an object of ours may have answered a call: the target may have given us our own object back.
bool MayBeOurOwn(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

//! True if the target answered a call, and nothing excuses that answer from being right.
bool IsAnsweredFairly(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

//! True if the target called an object of ours that does not answer at once: the target may wait for that answer
//! before it gives its own.
bool AwaitsOurAnswer(const Case& run);

//! True if calls on a connection are allowed to wait.
//!
//! A worker thread of libmultiprocess takes one call after the other. Every call that names the thread of a call that
//! may block waits behind it, and no schema says which calls name the same thread; cancelling a call does not free the
//! thread. After raw bytes, such as half a message, the target may read all that follows as something else. And a
//! target need not reply to a client that closed its reading side.
bool MayWait(const Case& run, std::optional<program::StepIndex> connection);

} // namespace mpfuzz::observe
