#pragma once

#include <mpfuzz/program/value.h>

#include <cstdint>
#include <optional>

//! Integers, floats, bools and enums as the bits that they have on the wire.
namespace mpfuzz::mutate {

//! Number of bits of a kind on the wire: 1 to 64. 0 if values of the kind are not numbers.
unsigned BitWidth(schema::Kind kind);

//! The bits of a number. Returns nullopt for other values, such as data of an answer.
std::optional<uint64_t> ToBits(const program::Value& value);

//! The number of a kind with these bits; bits above its width are ignored. CHECK fails for other kinds.
program::Value FromBits(schema::Kind kind, uint64_t bits);

} // namespace mpfuzz::mutate
