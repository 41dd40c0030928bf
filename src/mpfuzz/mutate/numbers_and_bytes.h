#pragma once

#include <mpfuzz/program/value.h>

#include <cstdint>
#include <optional>

//! Converts integers, floats, bools and enums to the bits that represent them on the wire, and back.
namespace mpfuzz::mutate {

//! Number of bits that a value of this kind has on the wire: 1 to 64. Returns 0 if values of the kind are not numbers.
unsigned BitWidth(schema::Kind kind);

//! The bits of a number. Returns nullopt if the value is not a number, for example if it is data from an answer.
std::optional<uint64_t> ToBits(const program::Value& value);

//! The number of this kind with these bits. Ignores bits above its width. CHECK fails if BitWidth() of the kind is 0.
program::Value FromBits(schema::Kind kind, uint64_t bits);

} // namespace mpfuzz::mutate
