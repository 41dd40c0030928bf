#pragma once

#include <mpfuzz/program/value.h>

#include <optional>

//! Integers, floats, bools and enums as the bits that they are on the wire.
namespace mpfuzz::mutate {

//! Bits that a kind has on the wire: 1 to 64, and 0 for what is not a number.
unsigned BitWidth(schema::Kind kind);

//! The bits of a value; nothing for what is not a number, such as data of an answer.
std::optional<uint64_t> ToBits(const program::Value& value);

//! The value with these bits; those above the width are dropped. CHECK fails for what is not a number.
program::Value FromBits(schema::Kind kind, uint64_t bits);

} // namespace mpfuzz::mutate
