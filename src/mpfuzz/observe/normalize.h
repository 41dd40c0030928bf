#pragma once

#include <string>
#include <string_view>

namespace mpfuzz::observe {

//! Last component of a path.
std::string_view BaseName(std::string_view path);

//! Last component of FILE in `FILE:LINE` or `FILE:LINE:COLUMN`.
std::string_view FileName(std::string_view location);

//! Removes or replaces the parts of a target's text that differ from run to run:
//!
//! - Numbers become `N`, with their sign, fraction and exponent. So do 0x numbers and long hexadecimal words.
//! - Text between double quotes becomes `"..."`.
//! - Paths below /tmp, /var/tmp, /run, /proc and /dev/shm become `PATH`. Other paths become their last component.
//! - Line numbers after file names, and a timestamp at the start, are removed.
//!
//! Digits inside an identifier such as `uint256` stay.
std::string NormalizeWords(std::string_view text);

//! One line of printable ASCII of at most `max` bytes. Other bytes become `?`. Several blanks or line ends in a row
//! become one blank.
std::string OneLine(std::string_view text, size_t max);

} // namespace mpfuzz::observe
