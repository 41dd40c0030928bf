#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! Lower-case hexadecimal, two digits a byte.
std::string ToHex(std::string_view bytes);

//! The bytes of a hexadecimal text in upper or lower case; nullopt if its length is odd or a character is no digit.
std::optional<std::string> FromHex(std::string_view hex);

//! A double-quoted literal: printable ASCII as it is; `\n \t \r \" \\`; `\xNN` for every other byte.
//! Lossless for any bytes, UTF-8 or not.
std::string Quote(std::string_view bytes);

//! Replaces every occurrence of `what`, which is not empty, from left to right. Does not search inserted text again.
void ReplaceAll(std::string& text, std::string_view what, std::string_view with);

//! Levenshtein distance, counting insertions, deletions and substitutions. Cost: product of the lengths.
size_t EditDistance(std::string_view a, std::string_view b);

//! The candidate with the smallest edit distance to `word`, for "did you mean"; empty if none is near enough for a
//! typo.
std::string_view Nearest(std::string_view word, std::span<const std::string> candidates);

//! `; did you mean …?` with the nearest candidate, for the end of an error message; empty if none is near enough.
//! @param quote  Character in front of and behind the candidate.
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates, char quote = '`');

} // namespace mpfuzz::base
