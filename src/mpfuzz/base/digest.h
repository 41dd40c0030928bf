#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! The first 64 bits of SHA-256, big-endian. The result is the same on all machines and in all versions. Two inputs of
//! one campaign (programs, titles, schemas) practically never have the same digest.
uint64_t Digest64(std::string_view bytes);

//! Digest64 as 16 hexadecimal digits.
std::string DigestHex(std::string_view bytes);

} // namespace mpfuzz::base
