#pragma once

#include <string>
#include <string_view>

namespace mpfuzz::observe {

//! Last component of a path.
std::string_view BaseName(std::string_view path);

//! Last component of FILE in `FILE:LINE` or `FILE:LINE:COLUMN`.
std::string_view FileName(std::string_view location);

//! Removes from a target's text what differs from run to run.
//!
//! Numbers (signs, fractions, exponents, 0x and long hexadecimal words too) become `N`, text between
//! double quotes becomes `"..."`, paths their last component or, below /tmp, /run, /proc, /dev/shm,
//! `PATH`. Line numbers behind file names, and a timestamp at the start, are removed. Digits inside an identifier such
//! as `uint256` stay.
std::string NormalizeWords(std::string_view text);

//! One line of printable ASCII of at most `max` bytes: others become `?`, and runs of blanks one blank.
std::string OneLine(std::string_view text, size_t max);

} // namespace mpfuzz::observe
