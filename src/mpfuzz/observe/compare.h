#pragma once

#include <mpfuzz/observe/oracles.h>

#include <optional>
#include <string>
#include <string_view>

//! Compares two runs of one program that must have equal answers: pipelined and sequential, or on two targets.
namespace mpfuzz::observe {

//! Kinds of findings that need two runs. The oracles of the table judge one run, and do not find these.
inline constexpr std::string_view SEQUENTIAL{"sequential"};     //!< pipelined, and with every call awaited
inline constexpr std::string_view DIFFERENTIAL{"differential"}; //!< on two targets

//! True if the answers depend only on the program, according to the target file. The program has one connection that
//! stays open. It has only bootstraps, calls, awaits, drops, and objects of ours that just return. Its calls are of
//! `deterministic` methods that may not block, and all calls that are in a queue are in the same one.
bool IsComparable(const program::Program& program, const Limits& limits);
//! True if a step may be part of such a program, provided that it uses the connection and the queue of the others.
bool IsComparableStep(const program::Step& step, const Limits& limits);

//! The first difference between two runs of a program.
struct Difference {
    program::StepIndex step{0}; //!< the first call with different answers; 0 if an oracle found something in one run
    std::string title;          //!< stable: names methods and fields, no values
};

//! The first difference between the answers of two runs, in the order of the program. Later differences may be its
//! consequences.
//!
//! First compares the findings of the oracles about each run. The comparison of answers stops at the first call that
//! refers to a capability which an answer did not contain: a target may treat a promise of null and null differently.
//! Runs that did not come to their end are not compared.
//! @param program  See IsComparable.
std::optional<Difference> Compare(const schema::Schema& schema, const program::Program& program, const trace::Trace& a,
                                  const trace::Trace& b, const Limits& limits);

} // namespace mpfuzz::observe
