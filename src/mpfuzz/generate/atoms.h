#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/value.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

//! Numbers, text and bytes that are likely to reveal bugs, made from their type alone.
namespace mpfuzz::generate {

//! Longest Text or Data in a program, in bytes. Guess, unmeasured.
inline constexpr size_t MAX_BLOB_BYTES{4096};

//! An integer of a kind as a Value: int64_t for signed kinds, uint64_t for unsigned ones.
//!
//! Zeros, ones, both ends of the range and of narrower ranges, neighbours of powers of two, small
//! numbers, and uniform bits; one time in ten one of `constants`, if it fits the kind.
program::Value MakeInteger(base::Rng& rng, schema::Kind kind, std::span<const int64_t> constants);

//! A FLOAT32 or FLOAT64: small integers and fractions, both zeros, infinities, NaNs, denormals, huge
//! and uniform bits; one time in ten one of `constants`.
program::Float MakeFloat(base::Rng& rng, schema::Kind kind, std::span<const double> constants);

//! Text: empty, words, digits, long runs. If it may misbehave, also with NULs or not UTF-8.
std::string MakeText(base::Rng& rng, bool may_misbehave);

//! Bytes: empty, short, 32, long, runs of one byte; at most MAX_BLOB_BYTES.
std::string MakeData(base::Rng& rng);

//! `length` uniform bytes.
std::string RandomBytes(base::Rng& rng, size_t length);

//! One to three edits for bytes of unknown length.
std::vector<program::Edit> MakeEdits(base::Rng& rng);

} // namespace mpfuzz::generate
