#pragma once

#include <mpfuzz/observe/oracles.h>

#include <optional>
#include <string>

//! Compares two runs of one program that must have equal answers: one pipelined and one sequential, or on two targets.
namespace mpfuzz::observe {

//! True if the answers depend only on the program, according to the target file:
//!
//! - The program has one connection, which stays open.
//! - It has only bootstraps, calls, awaits, drops, and served objects whose methods only return results.
//! - Its calls are of `deterministic` methods that may not block. All calls that are in a queue are in the same queue.
bool IsComparable(const program::Program& program, const Limits& limits);
//! True if a step may be part of a comparable program, provided that it uses the same connection and queue as the other
//! steps.
bool IsComparableStep(const program::Step& step, const Limits& limits);

//! The first difference between two runs of a program.
struct Difference {
    program::StepIndex step{0}; //!< the first call with different answers; 0 if the findings of the oracles differ
    std::string title;          //!< names methods and fields but no values, so that it is the same in each run
    std::string details{};      //!< see Problem
};

//! The first difference between two runs, in the order of the program. Returns nullopt if there is none. Later
//! differences may be consequences of the first.
//!
//! First compares the findings of the oracles about each run, then the answers. The comparison of answers stops at the
//! first call that refers to a capability which an answer did not contain: a target may treat null and a promise that
//! resolves to null differently. Answers are not compared if a target died, or if a call did not end.
//!
//! @param program  IsComparable() is true for it.
std::optional<Difference> Compare(const schema::Schema& schema, const program::Program& program, const trace::Trace& a,
                                  const trace::Trace& b, const Limits& limits);

} // namespace mpfuzz::observe
