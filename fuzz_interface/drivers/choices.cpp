#include <fuzz_interface/drivers/choices.h>

#include <algorithm>
#include <bit>

namespace mpfuzz::fuzz_interface {

namespace {

// A byte below LONG_LENGTH means a length below 16. Otherwise three bytes follow, with a longer length. Guess,
// unmeasured.
constexpr uint64_t LONG_LENGTH{0xf0};

} // namespace

uint64_t Choices::Below(uint64_t bound)
{
    CHECK(bound > 0);
    if (m_rng != nullptr) return m_rng->Below(bound);
    const auto bits{static_cast<size_t>(std::bit_width(bound - 1))};
    return Word((bits + 7) / 8) % bound;
}

size_t Choices::Length(size_t max)
{
    if (m_rng != nullptr) return m_rng->SkewedLength(max);
    const uint64_t first{Word(1)};
    return first < LONG_LENGTH ? std::min<size_t>(first % 16, max) : Word(3) % (max + 1);
}

std::string Choices::Bytes(size_t size)
{
    std::string bytes(size, '\0');
    if (m_rng == nullptr) {
        const size_t taken{std::min(size, m_bytes.size())};
        std::copy_n(m_bytes.begin(), taken, bytes.begin());
        m_bytes = m_bytes.subspan(taken);
        return bytes;
    }
    for (size_t at{0}; at < size; at += 8) {
        uint64_t word{m_rng->Next()};
        for (size_t i{at}; i < std::min(at + 8, size); ++i, word >>= 8) bytes[i] = static_cast<char>(word & 0xff);
    }
    return bytes;
}

uint64_t Choices::Word(size_t size)
{
    uint64_t word{0};
    if (m_rng != nullptr) {
        word = m_rng->Next();
        return size == 8 ? word : word & ((uint64_t{1} << (8 * size)) - 1);
    }
    for (size_t i{0}; i < size && !m_bytes.empty(); ++i, m_bytes = m_bytes.subspan(1)) {
        word |= uint64_t{m_bytes.front()} << (8 * i);
    }
    return word;
}

} // namespace mpfuzz::fuzz_interface
