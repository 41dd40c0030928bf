#pragma once

#include <cstddef>
#include <string>

namespace mpfuzz::base {

//! The last bytes of a file, at most so many; empty where it cannot be read.
std::string ReadTail(const std::string& path, size_t max_bytes);

} // namespace mpfuzz::base
