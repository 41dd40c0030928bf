#pragma once

#include <mpfuzz/trace/trace.h>

#include <string>
#include <string_view>

namespace mpfuzz::observe {

//! A title for the way in which a target died, the same for every death by the same cause.
//!
//! Taken from the target's last words: a sanitizer's report, a failed assertion, an uncaught
//! exception, glibc's complaints, a gdb session; else from the signal or exit status alone. Free of
//! addresses, numbers, line numbers, process ids, paths and template arguments (but with the offset in the module where
//! a report has no symbols). One line of printable ASCII, at most MAX_TITLE bytes, never empty. Cost: a few passes over
//! the last words.
std::string CrashTitle(const trace::Ending& ending);

//! Longest title, in bytes.
inline constexpr size_t MAX_TITLE{160};

} // namespace mpfuzz::observe
