#include <domains/bitcoin/serialize.h>

#include <openssl/sha.h>

namespace mpfuzz::domains::bitcoin {

namespace {

std::string Sha256(std::string_view bytes)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

} // namespace

void AppendCompactSize(std::string& out, uint64_t size)
{
    if (size < 0xfd) {
        AppendInteger(out, static_cast<uint8_t>(size));
    } else if (size <= UINT16_MAX) {
        out += '\xfd';
        AppendInteger(out, static_cast<uint16_t>(size));
    } else if (size <= UINT32_MAX) {
        out += '\xfe';
        AppendInteger(out, static_cast<uint32_t>(size));
    } else {
        out += '\xff';
        AppendInteger(out, size);
    }
}

void AppendSized(std::string& out, std::string_view bytes)
{
    AppendCompactSize(out, bytes.size());
    out += bytes;
}

std::string DoubleSha256(std::string_view bytes) { return Sha256(Sha256(bytes)); }

} // namespace mpfuzz::domains::bitcoin
