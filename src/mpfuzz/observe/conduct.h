#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <optional>

//! What a program does that excuses the target from promises that it otherwise has to keep.
namespace mpfuzz::observe {

//! True where it sends hand-made messages or bytes on that connection: what comes back may answer those.
bool SpeaksByHand(const program::Program& program, std::optional<program::StepIndex> connection);

//! True where it tells the target's process to end: what waits then ends early, and in any order.
bool TellsToEnd(const program::Program& program);

//! True where it may have been an object of ours that answered a call: the target handed it back to us.
bool MayBeOurOwn(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

//! True where a call was answered by the target and nothing excuses that answer from being right.
bool IsAnsweredFairly(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

} // namespace mpfuzz::observe
