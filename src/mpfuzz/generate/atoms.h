#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/value.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

//! Numbers, text and bytes that are likely to reveal bugs, made from their type alone.
namespace mpfuzz::generate {

//! Longest Text or Data that the generator makes, in bytes. A guess.
inline constexpr size_t MAX_BLOB_BYTES{4096};

//! An integer of a kind as a Value: int64_t for signed kinds, uint64_t for unsigned ones.
//!
//! One of: 0, 1, the smallest or largest number of this kind or of a narrower one, a number near a power of two, a
//! small number, uniform bits. One time in ten, one of `constants` if it fits the kind.
program::Value MakeInteger(base::Rng& rng, schema::Kind kind, std::span<const int64_t> constants);

//! A FLOAT32 or FLOAT64. One of: a small integer or fraction, a zero with either sign, an infinity, a NaN, a denormal,
//! a huge number, uniform bits. One time in ten, one of `constants`.
program::Float MakeFloat(base::Rng& rng, schema::Kind kind, std::span<const double> constants);

//! Text: empty, words, digits, or one character many times. If `may_misbehave`, the text may also contain NULs, or not
//! be UTF-8.
std::string MakeText(base::Rng& rng, bool may_misbehave);

//! Bytes: none, a few, 32 (as in a hash), many, or one byte many times; at most MAX_BLOB_BYTES.
std::string MakeData(base::Rng& rng);

//! `length` uniform bytes.
std::string RandomBytes(base::Rng& rng, size_t length);

//! One to three edits for bytes of unknown length.
std::vector<program::Edit> MakeEdits(base::Rng& rng);

} // namespace mpfuzz::generate
