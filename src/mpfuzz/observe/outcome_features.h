#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace mpfuzz::observe {

//! Counters that MarkOutcomes folds its features into. A power of two; with the edges' 2^17 still within what
//! libFuzzer can number.
inline constexpr size_t OUTCOME_COUNTERS = size_t{1} << 16;

//! Mark what a run showed of the target from outside: guidance that needs no coverage.
//!
//! - each method with each way its calls ended (answered, kind of exception, never, …);
//! - each pair of methods whose answered calls follow each other on one connection;
//! - each method with each text of an exception, without its numbers and names;
//! - size classes, by powers of two, of what the program held: connections, capabilities, calls outstanding at its end.
//!
//! @param counters  OUTCOME_COUNTERS bytes. Different features may share one.
void MarkOutcomes(const program::Program& program, const trace::Trace& trace, std::span<uint8_t> counters);

} // namespace mpfuzz::observe
