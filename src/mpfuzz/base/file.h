#pragma once

#include <mpfuzz/base/result.h>

#include <cstddef>
#include <string>

namespace mpfuzz::base {

//! The largest file that ReadFile() reads, in bytes. A guess: far above any program or log tail, and small enough for
//! memory if a stranger sends a file.
inline constexpr size_t MAX_FILE_SIZE{size_t{64} << 20};

//! The content of a regular file, or of one that a symbolic link leads to. It never waits.
//!
//! @return An error that names the path: the system's reason, or that it is not a regular file (a directory, a FIFO, a
//!         device, a socket), or that it has more than MAX_FILE_SIZE bytes.
Result<std::string> ReadFile(const std::string& path);

//! The last `max_bytes` bytes of a file. Returns the whole file if it is shorter, and an empty string if it cannot be
//! read.
std::string ReadTail(const std::string& path, size_t max_bytes);

} // namespace mpfuzz::base
