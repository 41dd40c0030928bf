#pragma once

#include <mpfuzz/execute/process.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/trace/trace.h>

#include <chrono>

//! How a target ended: to wait for it, and to write it down.
namespace mpfuzz::execute {

//! A sanitizer may need seconds to put names to a stack.
inline constexpr std::chrono::milliseconds REPORT_TIME{15'000};
//! A broken connection is the first sign of death; the process's own end follows.
inline constexpr std::chrono::milliseconds DYING_TIME{1'000};

//! False too where there is no process of ours.
bool DiesWithin(const Target& target, std::chrono::milliseconds deadline);

//! Fill in that the target has ended so, with its last words and, where those do not tell, its stack.
void NoteDeath(const Target& target, const Exit& exit, trace::Ending& ending);

} // namespace mpfuzz::execute
