#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! Lower-case hexadecimal, two digits a byte.
std::string ToHex(std::string_view bytes);

//! Bytes of a hexadecimal text of even length, either case; nothing where a character is not a digit.
std::optional<std::string> FromHex(std::string_view hex);

//! A double-quoted literal: printable ASCII as it is; `\n \t \r \" \\`; `\xNN` for every other byte.
//! Lossless for any bytes, UTF-8 or not.
std::string Quote(std::string_view bytes);

//! Replace every occurrence of `what`, not empty, from left to right; what was put in is not searched again.
void ReplaceAll(std::string& text, std::string_view what, std::string_view with);

//! Levenshtein distance, counting insertions, deletions and substitutions. Cost: product of the lengths.
size_t EditDistance(std::string_view a, std::string_view b);

//! The candidate nearest to `word`, for "did you mean"; empty where none is near enough to be a typo.
std::string_view Nearest(std::string_view word, std::span<const std::string> candidates);

//! `; did you mean …?` with the nearest candidate, for the end of an error; empty where none is near.
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates, char quote = '`');

} // namespace mpfuzz::base
