#include <mpfuzz/base/digest.h>

#include <mpfuzz/base/text.h>

#include <openssl/sha.h>

#include <array>

namespace mpfuzz::base {
namespace {

std::array<unsigned char, SHA256_DIGEST_LENGTH> Sha256(std::string_view bytes)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
    return hash;
}

} // namespace

uint64_t Digest64(std::string_view bytes)
{
    const auto hash{Sha256(bytes)};
    uint64_t value{0};
    for (size_t i{0}; i < 8; ++i) value = value << 8 | hash[i];
    return value;
}

std::string DigestHex(std::string_view bytes)
{
    const auto hash{Sha256(bytes)};
    return ToHex({reinterpret_cast<const char*>(hash.data()), 8});
}

} // namespace mpfuzz::base
