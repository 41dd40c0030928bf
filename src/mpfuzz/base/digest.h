#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! The first 64 bits of SHA-256, big-endian. The same on all machines and in all versions. One campaign has too few
//! programs, titles and schemas for collisions to matter.
uint64_t Digest64(std::string_view bytes);

//! Digest64 as 16 hexadecimal digits.
std::string DigestHex(std::string_view bytes);

} // namespace mpfuzz::base
