#include <mpfuzz/base/rng.h>

#include <algorithm>
#include <bit>

namespace mpfuzz::base {

Rng::Rng(uint64_t seed)
{
    for (auto& word : m_state) {
        seed += 0x9e3779b97f4a7c15;
        uint64_t mixed{seed};
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        word = mixed ^ (mixed >> 31);
    }
}

uint64_t Rng::Next()
{
    const uint64_t result{std::rotl(m_state[1] * 5, 7) * 9};
    const uint64_t shifted{m_state[1] << 17};
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

uint64_t Rng::Below(uint64_t bound)
{
    CHECK(bound > 0);
    // Multiply and shift. The result is not exactly uniform, but the error is below bound / 2^64.
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>((static_cast<Wide>(Next()) * bound) >> 64);
}

int64_t Rng::Range(int64_t low, int64_t high)
{
    CHECK(low <= high, low, high);
    const uint64_t span{static_cast<uint64_t>(high) - static_cast<uint64_t>(low)};
    const uint64_t offset{span == UINT64_MAX ? Next() : Below(span + 1)};
    return static_cast<int64_t>(static_cast<uint64_t>(low) + offset);
}

uint64_t Rng::SkewedLength(uint64_t max)
{
    if (max == 0) return 0;
    const unsigned bits{static_cast<unsigned>(std::bit_width(max))};
    unsigned chosen{0};
    while (chosen < bits && !OneIn(2)) ++chosen;
    const uint64_t limit{chosen >= 64 ? max : std::min(max, (uint64_t{1} << chosen))};
    return Below(limit + 1);
}

size_t Rng::Weighted(std::span<const uint32_t> weights)
{
    uint64_t total{0};
    for (const uint32_t weight : weights) total += weight;
    CHECK(total > 0, weights.size());
    uint64_t rest{Below(total)};
    for (size_t i{0};; ++i) {
        if (rest < weights[i]) return i;
        rest -= weights[i];
    }
}

} // namespace mpfuzz::base
