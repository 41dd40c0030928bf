#pragma once

#include <mpfuzz/base/check.h>

#include <array>
#include <cstdint>
#include <span>

namespace mpfuzz::base {

//! Deterministic random numbers: xoshiro256** (Blackman and Vigna, public domain), seeded by
//! splitmix64. The standard library's distributions differ between implementations; with our own, a seed gives the same
//! program on every machine.
class Rng
{
public:
    explicit Rng(uint64_t seed);

    //! 64 uniform bits.
    uint64_t Next();

    //! Uniform in [0, bound); bound > 0.
    uint64_t Below(uint64_t bound);

    //! Uniform in [low, high], both included; low <= high.
    int64_t Range(int64_t low, int64_t high);

    //! True once in n times on average; n > 0.
    bool OneIn(uint64_t n) { return Below(n) == 0; }

    //! True in `percent` of 100 cases.
    bool Percent(unsigned percent) { return Below(100) < percent; }

    //! A length in [0, max]. Small lengths are more likely: each doubling of the range is half as likely.
    uint64_t SkewedLength(uint64_t max);

    //! Index chosen in proportion to its weight. Sum of weights > 0.
    size_t Weighted(std::span<const uint32_t> weights);

    //! One element of a non-empty range.
    template<typename Range>
    auto& Pick(Range& range)
    {
        CHECK(std::size(range) > 0);
        return range[Below(std::size(range))];
    }

    //! An independent generator for a subtask, so that its draws do not shift ours.
    Rng Fork() { return Rng{Next()}; }

private:
    std::array<uint64_t, 4> m_state;
};

} // namespace mpfuzz::base
