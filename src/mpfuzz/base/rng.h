#pragma once

#include <mpfuzz/base/check.h>

#include <array>
#include <cstdint>
#include <span>

namespace mpfuzz::base {

//! Deterministic random numbers: xoshiro256** (Blackman and Vigna, public domain), seeded by splitmix64.
//!
//! We do not use the distributions of the standard library, because they differ between implementations. With this
//! class, one seed gives the same programs on every machine.
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

    //! True with probability 1/n; n > 0.
    bool OneIn(uint64_t n) { return Below(n) == 0; }

    //! True with a probability of `percent` percent.
    bool Percent(unsigned percent) { return Below(100) < percent; }

    //! A length in [0, max]. Small lengths are more likely: it chooses a power of two as the limit, each one half as
    //! likely as the one before, and then a length up to this limit.
    uint64_t SkewedLength(uint64_t max);

    //! A random index into `weights`, with a probability in proportion to its weight. Sum of weights > 0.
    size_t Weighted(std::span<const uint32_t> weights);

    //! One element of a non-empty range.
    template<typename Range>
    auto& Pick(Range& range)
    {
        CHECK(std::size(range) > 0);
        return range[Below(std::size(range))];
    }

    //! A new generator for a subtask. However many numbers the subtask takes from it, the numbers of this one stay the
    //! same.
    Rng Fork() { return Rng{Next()}; }

private:
    std::array<uint64_t, 4> m_state;
};

} // namespace mpfuzz::base
