#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mpfuzz::base {

//! Lower-case hexadecimal, two digits a byte.
std::string ToHex(std::string_view bytes);

//! The bytes of a hexadecimal text in upper or lower case. Returns nullopt if its length is odd, or if a character is
//! not a hexadecimal digit.
std::optional<std::string> FromHex(std::string_view hex);

//! A double-quoted literal. Printable ASCII is not changed; five characters become `\n \t \r \" \\`; every other byte
//! becomes `\xNN`. No information is lost, even if the bytes are not UTF-8.
std::string Quote(std::string_view bytes);

//! Replaces every occurrence of `what` by `with`, from left to right. Does not search in the inserted text. `what` must
//! not be empty.
void ReplaceAll(std::string& text, std::string_view what, std::string_view with);

//! Levenshtein distance, counting insertions, deletions and substitutions. Cost: product of the lengths.
size_t EditDistance(std::string_view a, std::string_view b);

//! The candidate with the smallest edit distance to `word`. Returns an empty string if no candidate is so similar that
//! `word` may be a typing error.
std::string_view Nearest(std::string_view word, std::span<const std::string> candidates);

//! `; did you mean …?` with the nearest candidate, for the end of an error message. Empty if Nearest() finds none.
//! @param quote  Character before and after the candidate.
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates, char quote = '`');

} // namespace mpfuzz::base
