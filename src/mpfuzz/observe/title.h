#pragma once

#include <mpfuzz/trace/trace.h>

#include <string>

namespace mpfuzz::observe {

//! A title for the way in which a target died, the same for every death that has the same cause.
//!
//! The title comes from the log tail: a sanitizer's report, a failed assertion, an uncaught exception, an error of
//! glibc, a gdb session. If the log has none of these, it comes from the signal or the exit status.
//! It has no addresses, numbers, line numbers, process ids, paths or template arguments; but it has the offset in the
//! module if a report has no symbols. One line of printable ASCII, at most MAX_TITLE bytes, never empty.
//! Cost: one search of the log tail for each row of the table in title.cpp.
std::string CrashTitle(const trace::Ending& ending);

//! Longest title, in bytes.
inline constexpr size_t MAX_TITLE{160};

//! `SIGSEGV` for 11; `signal N` for a signal without a name.
std::string SignalName(int signal);

} // namespace mpfuzz::observe
