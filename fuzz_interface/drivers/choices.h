// Where a driver takes its decisions from.
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

//! A sequence of decisions: random and endless, or as a fuzzing engine's bytes have it. Bytes are used from the front,
//! a few for each decision, so that a changed byte changes one value. Behind their end every decision is 0, which is
//! the simplest one: no, none, empty.
class Choices
{
public:
    //! @param rng  Borrowed.
    explicit Choices(base::Rng& rng) : m_rng{&rng} {}
    //! @param bytes  Borrowed.
    explicit Choices(std::span<const uint8_t> bytes) : m_bytes{bytes} {}

    //! Whether every decision is 0 from now on.
    bool Exhausted() const { return m_rng == nullptr && m_bytes.empty(); }

    //! In [0, bound); bound > 0. Takes as many bytes as bound - 1 has.
    uint64_t Below(uint64_t bound);

    //! True once in n times; n > 0.
    bool OneIn(uint64_t n) { return Below(n) + 1 == n; }

    //! Any value of the type.
    template<std::integral T>
    T Bits()
    {
        return static_cast<T>(Word(sizeof(T)));
    }

    //! In [0, max], small ones much likelier. Takes one byte for what is small.
    size_t Length(size_t max);

    //! That many bytes, zeros behind the end.
    std::string Bytes(size_t size);

    //! One element of a range that is not empty.
    template<typename Range>
    const auto& Pick(const Range& range)
    {
        CHECK(std::size(range) > 0);
        return range[Below(std::size(range))];
    }

private:
    //! `size` bytes in [0, 8], the first one least significant.
    uint64_t Word(size_t size);

    base::Rng* m_rng{nullptr}; //!< null: bytes
    std::span<const uint8_t> m_bytes;
};

} // namespace mpfuzz::fuzz_interface
