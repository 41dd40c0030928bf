#include <mpfuzz/mutate/numbers.h>

#include <mpfuzz/base/check.h>

#include <bit>

namespace mpfuzz::mutate {

using schema::Kind;

unsigned BitWidth(Kind kind)
{
    switch (kind) {
    case Kind::BOOL: return 1;
    case Kind::ENUM: return 16;
    case Kind::FLOAT32: return 32;
    case Kind::FLOAT64: return 64;
    default: break;
    }
    if (!schema::IsInteger(kind)) return 0;
    const auto magnitude{static_cast<unsigned>(std::bit_width(schema::MaxInteger(kind)))};
    return schema::MinInteger(kind) < 0 ? magnitude + 1 : magnitude;
}

std::optional<uint64_t> ToBits(const program::Value& value)
{
    if (const auto* truth{value.As<bool>()}) return *truth;
    if (const auto* number{value.As<int64_t>()}) return static_cast<uint64_t>(*number);
    if (const auto* number{value.As<uint64_t>()}) return *number;
    if (const auto* number{value.As<program::Float>()}) return number->bits;
    if (const auto* number{value.As<program::EnumValue>()}) return number->raw;
    return std::nullopt;
}

program::Value FromBits(Kind kind, uint64_t bits)
{
    const unsigned width{BitWidth(kind)};
    CHECK(width > 0, static_cast<int>(kind));
    const unsigned unused{64 - width};
    const uint64_t low{(bits << unused) >> unused};
    switch (kind) {
    case Kind::BOOL: return low != 0;
    case Kind::ENUM: return program::EnumValue{static_cast<uint16_t>(low)};
    case Kind::FLOAT32:
    case Kind::FLOAT64: return program::Float{low};
    default: break;
    }
    if (schema::MinInteger(kind) < 0) return static_cast<int64_t>(bits << unused) >> unused;
    return low;
}

} // namespace mpfuzz::mutate
