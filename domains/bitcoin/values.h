#pragma once

#include <cstdint>
#include <string>

namespace mpfuzz::domains::bitcoin {

//! Bitcoin Core's CFeeRate. Serialised as an integer of 8 bytes, least significant byte first.
struct FeeRate {
    int64_t sat_per_kvb{0};
    auto operator<=>(const FeeRate&) const = default;
};

//! Bitcoin Core's COutPoint. Serialised as 32 bytes and an integer of 4.
struct OutPoint {
    std::string txid = std::string(32, '\0'); //!< wire order
    uint32_t output{0xffffffff};
    auto operator<=>(const OutPoint&) const = default;
};

//! Bitcoin Core's CScript. Serialised as its length and its bytes.
struct Script {
    std::string bytes;
    auto operator<=>(const Script&) const = default;
};

std::string Serialize(const FeeRate& rate);
std::string Serialize(const OutPoint& point);
std::string Serialize(const Script& script);

} // namespace mpfuzz::domains::bitcoin
