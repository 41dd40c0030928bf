#pragma once

#include <cstddef>
#include <string>

namespace mpfuzz::base {

//! The last `max_bytes` bytes of a file, or all of it if it is shorter; empty if it cannot be read.
std::string ReadTail(const std::string& path, size_t max_bytes);

} // namespace mpfuzz::base
