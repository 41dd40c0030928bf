// Hashes as Bitcoin uses and prints them.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::model_node {

using Bytes = std::vector<uint8_t>;

//! 32 bytes in the order of the hash function's output. Printed the other way round.
struct Hash256 {
    std::array<uint8_t, 32> bytes{};

    auto operator<=>(const Hash256&) const = default;
};

Hash256 Sha256(std::span<const uint8_t> data);

//! SHA-256 of SHA-256: the hash of blocks, transactions and merkle trees.
Hash256 DoubleSha256(std::span<const uint8_t> data);

//! Double SHA-256 of two hashes in a row: one step in a merkle tree.
Hash256 HashPair(const Hash256& left, const Hash256& right);

//! 64 lower-case digits, last byte first, as Bitcoin shows hashes.
std::string ToHex(const Hash256& hash);

//! Lower-case digits, first byte first.
std::string ToHex(std::span<const uint8_t> data);

//! Reverse of `ToHex(Hash256)`; accepts upper case too. Nothing unless exactly 64 digits.
std::optional<Hash256> HashFromHex(std::string_view hex);

} // namespace mpfuzz::model_node
