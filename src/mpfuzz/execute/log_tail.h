#pragma once

#include <cstddef>
#include <string>

namespace mpfuzz::execute {

//! Of what a process wrote: enough for a sanitizer's report with its stacks, in most programs.
inline constexpr size_t LAST_WORDS_BYTES{64 * 1024};

//! Templates have names so long that a stack of 256 frames takes more than that. A guess, after one of 300 KiB.
inline constexpr size_t LONGEST_REPORT_BYTES{1024 * 1024};

//! The tail of a log: from the start of the last sanitizer's report where that is longer, else LAST_WORDS_BYTES.
//!
//! @return At most LONGEST_REPORT_BYTES; empty where the file cannot be read.
std::string LogTailOf(const std::string& path);

} // namespace mpfuzz::execute
