#include <fuzz_interface/drivers/mismatch.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mpfuzz::fuzz_interface {

namespace {

constexpr size_t MAX_SHOWN{2'000};
constexpr size_t BEFORE{200};

//! The part from shortly before `at`.
std::string Cut(std::string_view text, size_t at)
{
    if (text.size() <= MAX_SHOWN) return std::string{text};
    const size_t begin{at > BEFORE ? at - BEFORE : 0};
    const std::string_view part{text.substr(begin, MAX_SHOWN)};
    return (begin > 0 ? "…" : "") + std::string{part} + (begin + part.size() < text.size() ? "…" : "") + " (" +
           std::to_string(text.size()) + " characters, these from " + std::to_string(begin) + " on)";
}

} // namespace

std::string ToText(const Mismatch& mismatch)
{
    const auto differ{std::ranges::mismatch(mismatch.expected, mismatch.got)};
    const auto at{static_cast<size_t>(differ.in1 - mismatch.expected.begin())};
    return mismatch.method + " did not do what it should\n  with:   " + Cut(mismatch.argument, 0) +
           "\n  should: " + Cut(mismatch.expected, at) + "\n  did:    " + Cut(mismatch.got, at) + "\n";
}

} // namespace mpfuzz::fuzz_interface
