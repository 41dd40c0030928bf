// The source of a driver's random decisions.
#pragma once

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/rng.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>

namespace mpfuzz::fuzz_interface {

//! A sequence of decisions. It comes from a random number generator and never ends, or it comes from the bytes of a
//! fuzzing engine. Bytes are used from the front, a few for each decision, so that a changed byte changes one value.
//! After the last byte every decision is 0, which is the simplest one: no, none, empty.
class Choices
{
public:
    //! @param rng  Borrowed.
    explicit Choices(base::Rng& rng) : m_rng{&rng} {}
    //! @param bytes  Borrowed.
    explicit Choices(std::span<const uint8_t> bytes) : m_bytes{bytes} {}

    //! Returns whether every decision is 0 from now on.
    bool Exhausted() const { return m_rng == nullptr && m_bytes.empty(); }

    //! A number in [0, bound); bound > 0. Uses as many bytes as bound - 1 needs.
    uint64_t Below(uint64_t bound);

    //! True with probability 1/n; n > 0.
    bool OneIn(uint64_t n) { return Below(n) + 1 == n; }

    //! Any value of the type.
    template<std::integral T>
    T Bits()
    {
        return static_cast<T>(Word(sizeof(T)));
    }

    //! A length in [0, max]. Small ones are much more likely, and use one byte.
    size_t Length(size_t max);

    //! `size` bytes. If the source has fewer, the rest are zeros.
    std::string Bytes(size_t size);

    //! One element of a range, which must not be empty.
    template<typename Range>
    const auto& Pick(const Range& range)
    {
        CHECK(std::size(range) > 0);
        return range[Below(std::size(range))];
    }

private:
    //! A number of `size` bytes, the first one least significant. `size` is in [0, 8].
    uint64_t Word(size_t size);

    base::Rng* m_rng{nullptr}; //!< null: the decisions come from m_bytes
    std::span<const uint8_t> m_bytes;
};

} // namespace mpfuzz::fuzz_interface
