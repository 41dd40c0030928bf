#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! First 64 bits of SHA-256, big-endian. Stable across machines and versions; collisions are not
//! a concern at the number of programs, titles and schemas that one campaign sees.
uint64_t Digest64(std::string_view bytes);

//! Digest64 as 16 hexadecimal digits.
std::string DigestHex(std::string_view bytes);

} // namespace mpfuzz::base
