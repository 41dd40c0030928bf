#pragma once

#include <mpfuzz/observe/oracles.h>

#include <optional>

//! Things that a program does after which a rule does not apply to the target. The oracles then report nothing.
namespace mpfuzz::observe {

//! True if the program sends raw messages or bytes on that connection. A reply may then be a reply to those.
bool SendsRaw(const program::Program& program, std::optional<program::StepIndex> connection);

//! True if the program sends a signal to the target's process. Waiting calls may then end early and in any order.
bool SendsSignal(const program::Program& program);

//! True if one of our served objects may have answered a call: an answer of the target may contain a served object that
//! we passed to it.
bool MayBeAnsweredByUs(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

//! True if the target itself answered a call, and nothing in the program allows that answer to be wrong.
bool AnswerMustBeCorrect(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

//! True if the target called one of our served objects that does not answer at once. The target may wait for that
//! answer before it answers our own call.
bool AwaitsOurAnswer(const Case& run);

//! True if a call failed with an exception of kind `disconnected` because of mpfuzz: because the program closed a
//! connection, sent raw messages or bytes that a target may answer by closing it, or asked the target to shut down, or
//! because an object of ours disconnected or threw such an exception. False if the target died, or if it closed the
//! call's connection without such a reason. The origin of an exception is not always known: after one of these things
//! happened on another connection, the result is true.
bool ProvokedDisconnect(const program::Program& program, const trace::Trace& trace, program::StepIndex call);

//! True if calls on a connection may stay unanswered.
//!
//! - The program made a call that may block. A worker thread of libmultiprocess runs one call after the other, so other
//!   calls on the same thread wait. No schema says which calls use the same thread, and cancelling a call does not
//!   free the thread.
//! - The program sent raw bytes, such as half a message. The target may then misread everything that follows.
//! - The program closed the writing side of the connection. A target may then close the connection without a reply.
bool MayWait(const Case& run, std::optional<program::StepIndex> connection);

} // namespace mpfuzz::observe
