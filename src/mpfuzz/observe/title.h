#pragma once

#include <mpfuzz/trace/trace.h>

#include <string>

namespace mpfuzz::observe {

//! A title that says how a target died. It is the same for every crash that has the same cause.
//!
//! The title is made from the log tail: a sanitizer's report, a failed assertion, an uncaught exception, an error of
//! glibc, or a gdb session. If the log has none of these, it is made from the signal or the exit status.
//! It contains no addresses, numbers, line numbers, process ids, paths or template arguments. If a report has no
//! symbols, it contains the offset in the module. It is one line of printable ASCII, at most MAX_TITLE bytes, and never
//! empty.
//! Cost: one search of the log tail for each row of the table in title.cpp.
std::string CrashTitle(const trace::Ending& ending);

//! Length of the longest title, in bytes.
inline constexpr size_t MAX_TITLE{160};

//! The name of a signal, such as `SIGSEGV` for 11. Returns `signal N` if the signal has no name.
std::string SignalName(int signal);

} // namespace mpfuzz::observe
