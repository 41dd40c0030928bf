#include <targets/model_node/chain/hash.h>

#include <openssl/sha.h>

#include <algorithm>

namespace mpfuzz::model_node {
namespace {

std::optional<uint8_t> DigitValue(char c)
{
    if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<uint8_t>(c - 'A' + 10);
    return std::nullopt;
}

} // namespace

Hash256 Sha256(std::span<const uint8_t> data)
{
    static constexpr uint8_t NOTHING{0};
    Hash256 hash;
    SHA256(data.empty() ? &NOTHING : data.data(), data.size(), hash.bytes.data());
    return hash;
}

Hash256 DoubleSha256(std::span<const uint8_t> data) { return Sha256(Sha256(data).bytes); }

Hash256 HashPair(const Hash256& left, const Hash256& right)
{
    std::array<uint8_t, 64> both;
    std::copy(left.bytes.begin(), left.bytes.end(), both.begin());
    std::copy(right.bytes.begin(), right.bytes.end(), both.begin() + 32);
    return DoubleSha256(both);
}

std::string ToHex(std::span<const uint8_t> data)
{
    static constexpr std::string_view DIGITS{"0123456789abcdef"};
    std::string text;
    text.reserve(data.size() * 2);
    for (const uint8_t byte : data) {
        text += DIGITS[byte >> 4];
        text += DIGITS[byte & 15];
    }
    return text;
}

std::string ToHex(const Hash256& hash)
{
    Hash256 reversed{hash};
    std::reverse(reversed.bytes.begin(), reversed.bytes.end());
    return ToHex(std::span<const uint8_t>{reversed.bytes});
}

std::optional<Hash256> HashFromHex(std::string_view hex)
{
    if (hex.size() != 64) return std::nullopt;
    Hash256 hash;
    for (size_t i{0}; i < 32; ++i) {
        const auto high{DigitValue(hex[2 * i])};
        const auto low{DigitValue(hex[2 * i + 1])};
        if (!high || !low) return std::nullopt;
        hash.bytes[31 - i] = static_cast<uint8_t>(*high << 4 | *low);
    }
    return hash;
}

} // namespace mpfuzz::model_node
