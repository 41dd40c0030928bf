#pragma once

#include <cstddef>
#include <string>

namespace mpfuzz::base {

//! The last `max_bytes` bytes of a file. Returns the whole file if it is shorter, and an empty string if it cannot be
//! read.
std::string ReadTail(const std::string& path, size_t max_bytes);

} // namespace mpfuzz::base
