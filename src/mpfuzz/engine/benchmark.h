#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/program/program.h>

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::engine {

//! How fast one way of running went: medians over the rounds.
struct Speed {
    double programs_per_second{0};
    double calls_per_second{0};
};

struct BenchmarkResult {
    Speed pipelined;
    Speed awaited;      //!< every call awaited before the next step
    size_t programs{0}; //!< distinct ones
    double calls_per_program{0};
};

//! Time the same programs pipelined and awaited one by one, in turns, so that a noisy machine disturbs both alike.
//!
//! @param programs  What to run: see Benchmarkable. Not empty.
//! @param rounds    Turns each way.
//! @param round     Time a turn.
base::Result<BenchmarkResult> RunBenchmark(execute::Executor& executor, std::span<const program::Program> programs,
                                           unsigned rounds, std::chrono::milliseconds round);

//! A program without what would make its speed a matter of waiting: awaits, delays and calls that may block.
program::Program Benchmarkable(program::Program program, std::span<const schema::MethodRef> may_block);

} // namespace mpfuzz::engine
