#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace mpfuzz::observe {

//! Number of counters that MarkOutcomes() uses, a power of two. Together with the 2^17 counters of edges they are
//! within libFuzzer's limit.
inline constexpr size_t OUTCOME_COUNTERS = size_t{1} << 16;

//! Marks the features of a run that are visible from outside the target. They are the guidance if there is no coverage:
//!
//! - each pair of a method and a way in which its calls ended (answered, kind of exception, unanswered, …);
//! - each pair of methods whose answered calls follow each other on one connection;
//! - each pair of a method and the text of an exception, without numbers, paths and quoted texts;
//! - the numbers of connections, of capabilities, and of unanswered calls, each rounded to a power of two.
//!
//! @param counters  OUTCOME_COUNTERS bytes. The counter of each feature is set to 1. Different features may share a
//!                  counter.
void MarkOutcomes(const program::Program& program, const trace::Trace& trace, std::span<uint8_t> counters);

} // namespace mpfuzz::observe
