#include <mpfuzz/base/text.h>

#include <algorithm>
#include <vector>

namespace mpfuzz::base {
namespace {

constexpr std::string_view HEX_DIGITS{"0123456789abcdef"};

int HexDigit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

void AppendHex(std::string& out, char c)
{
    const auto byte{static_cast<uint8_t>(c)};
    out += HEX_DIGITS[byte >> 4];
    out += HEX_DIGITS[byte & 15];
}

} // namespace

std::string ToHex(std::string_view bytes)
{
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) AppendHex(hex, c);
    return hex;
}

std::optional<std::string> FromHex(std::string_view hex)
{
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (size_t i{0}; i < hex.size(); i += 2) {
        const int high{HexDigit(hex[i])};
        const int low{HexDigit(hex[i + 1])};
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string Quote(std::string_view bytes)
{
    std::string out{'"'};
    for (const char c : bytes) {
        switch (c) {
        case '\n': out += "\\n"; break;
        case '\t': out += "\\t"; break;
        case '\r': out += "\\r"; break;
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        default:
            if (c >= 0x20 && c < 0x7f) {
                out += c;
            } else {
                out += "\\x";
                AppendHex(out, c);
            }
        }
    }
    out += '"';
    return out;
}

void ReplaceAll(std::string& text, std::string_view what, std::string_view with)
{
    for (size_t at{0}; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
        text.replace(at, what.size(), with);
    }
}

size_t EditDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    for (size_t j{0}; j <= b.size(); ++j) row[j] = j;
    for (size_t i{1}; i <= a.size(); ++i) {
        size_t diagonal{row[0]};
        row[0] = i;
        for (size_t j{1}; j <= b.size(); ++j) {
            const size_t substituted{diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)};
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row[b.size()];
}

std::string_view Nearest(std::string_view word, std::span<const std::string> candidates)
{
    std::string_view best;
    size_t best_distance{std::max<size_t>(2, word.size() / 2) + 1};
    for (const std::string& candidate : candidates) {
        const size_t distance{EditDistance(word, candidate)};
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string DidYouMean(std::string_view word, std::span<const std::string> candidates, char quote)
{
    const std::string_view nearest{Nearest(word, candidates)};
    return nearest.empty() ? std::string{}
                           : std::string{"; did you mean "} + quote + std::string{nearest} + quote + "?";
}

} // namespace mpfuzz::base
