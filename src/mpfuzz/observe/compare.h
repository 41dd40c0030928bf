#pragma once

#include <mpfuzz/observe/oracles.h>

#include <optional>
#include <string>
#include <string_view>

//! Two runs of one program that have to be answered alike: pipelined and awaited one by one, or on two targets.
namespace mpfuzz::observe {

//! Kinds of findings that take two runs. No oracle of the table's finds them.
inline constexpr std::string_view SEQUENTIAL{"sequential"};     //!< pipelined, and every call awaited
inline constexpr std::string_view DIFFERENTIAL{"differential"}; //!< on two targets

//! True where all answers of a program are a function of the program alone, as far as the target's description says:
//! one connection that stays open; bootstraps, calls, awaits, drops and objects of ours that just return; calls of
//! `deterministic` methods that may not block; and where calls stand in queues, all in one.
bool IsComparable(const program::Program& program, const Limits& limits);
//! True where a step has a place in such a program, if its connection and its queue are those of the others.
bool IsComparableStep(const program::Step& step, const Limits& limits);

//! Where two runs of one program part.
struct Difference {
    program::StepIndex step{0}; //!< the first call that is answered differently; 0 where it is another oracle's matter
    std::string title;          //!< stable: names methods and fields, no values
};

//! The first difference between the answers of two runs, in the order of the program; what comes behind it may be its
//! consequence.
//!
//! Looks at what other oracles say of each run first. Not judged is what a protocol with promises leaves open: from the
//! first call that refers to a capability which turned out not to be there, a promise of nothing and nothing
//! may be told apart. The same goes for runs that did not get to their end.
//! @param program  See IsComparable.
std::optional<Difference> Compare(const schema::Schema& schema, const program::Program& program, const trace::Trace& a,
                                  const trace::Trace& b, const Limits& limits);

} // namespace mpfuzz::observe
