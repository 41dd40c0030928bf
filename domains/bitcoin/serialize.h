#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

//! Bitcoin's wire format. Hashes are 32 bytes in wire order: the order of the hash function's output. Hashes are shown
//! in the opposite order.
namespace mpfuzz::domains::bitcoin {

//! Appends an integer, least significant byte first.
template<std::integral T>
void AppendInteger(std::string& out, T value)
{
    for (size_t i{0}; i < sizeof(T); ++i) out += static_cast<char>((static_cast<uint64_t>(value) >> (8 * i)) & 0xff);
}

//! Appends a length in 1, 3, 5 or 9 bytes.
//! Source: https://developer.bitcoin.org/reference/transactions.html#compactsize-unsigned-integers
void AppendCompactSize(std::string& out, uint64_t size);

//! Appends the length of the bytes, and the bytes.
void AppendSized(std::string& out, std::string_view bytes);

//! Returns 32 bytes.
std::string Sha256(std::string_view bytes);

//! SHA-256 of SHA-256: the hash of blocks, transactions and merkle trees.
std::string DoubleSha256(std::string_view bytes);

} // namespace mpfuzz::domains::bitcoin
