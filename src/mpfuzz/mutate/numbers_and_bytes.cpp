#include <mpfuzz/mutate/numbers_and_bytes.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/value_ref.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace mpfuzz::mutate {

using base::Rng;
using program::Value;
using schema::Kind;

namespace {

// All numbers here are guesses, unmeasured.

// ChangeNumber: the largest amount that is added to or subtracted from a number.
constexpr int64_t MAX_DISTANCE{35};
// ChangeBytes: length of the longest piece that one change inserts or overwrites.
constexpr size_t MAX_PIECE{64};

} // namespace

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

std::optional<uint64_t> ToBits(const Value& value)
{
    if (const auto* truth{value.As<bool>()}) return *truth;
    if (const auto* number{value.As<int64_t>()}) return static_cast<uint64_t>(*number);
    if (const auto* number{value.As<uint64_t>()}) return *number;
    if (const auto* number{value.As<program::Float>()}) return number->bits;
    if (const auto* number{value.As<program::EnumValue>()}) return number->raw;
    return std::nullopt;
}

Value FromBits(Kind kind, uint64_t bits)
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

namespace {

uint64_t ChangeBits(Rng& rng, Kind kind, uint64_t bits)
{
    // Weights of the cases below: add or subtract 1, add or subtract more, flip a bit, replace a byte, negate, double,
    // halve, replace half a byte.
    static constexpr std::array<uint32_t, 8> WEIGHTS{30, 20, 25, 20, 5, 5, 5, 20};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return rng.OneIn(2) ? bits + 1 : bits - 1;
    case 1: return bits + static_cast<uint64_t>(rng.Range(-MAX_DISTANCE, MAX_DISTANCE));
    case 2: return bits ^ (uint64_t{1} << rng.Below(BitWidth(kind)));
    case 3: {
        const uint64_t shift{8 * rng.Below((BitWidth(kind) + 7) / 8)};
        return (bits & ~(uint64_t{0xff} << shift)) | (rng.Below(256) << shift);
    }
    case 4: return ~bits + 1;
    case 5: return bits << 1;
    case 6: return bits >> 1;
    default: {
        const uint64_t shift{4 * rng.Below((BitWidth(kind) + 3) / 4)};
        return (bits & ~(uint64_t{0xf} << shift)) | (rng.Below(16) << shift);
    }
    }
}

double ChangeReal(Rng& rng, double number)
{
    switch (rng.Below(6)) {
    case 0: return number + 1;
    case 1: return number - 1;
    case 2: return number + static_cast<double>(rng.Range(-MAX_DISTANCE, MAX_DISTANCE));
    case 3: return -number;
    case 4: return number * 2;
    default: return std::trunc(number / 2);
    }
}

Value ChangeFloat(Rng& rng, Kind kind, uint64_t bits)
{
    if (rng.OneIn(5)) return FromBits(kind, bits ^ (uint64_t{1} << rng.Below(BitWidth(kind))));
    if (kind == Kind::FLOAT64)
        return program::Float{std::bit_cast<uint64_t>(ChangeReal(rng, std::bit_cast<double>(bits)))};
    const double number{std::bit_cast<float>(static_cast<uint32_t>(bits))};
    const double changed{ChangeReal(rng, number)};
    // Converting a double that is out of float's range to float is undefined behaviour.
    if (std::isfinite(changed) && std::abs(changed) > std::numeric_limits<float>::max())
        return FromBits(kind, bits + 1);
    return program::Float{std::bit_cast<uint32_t>(static_cast<float>(changed))};
}

} // namespace

bool ChangeNumber(program::Program& program, Context& context)
{
    const auto picked{
        PickValue(context, program, [](const ValueRef& candidate) { return ToBits(*candidate.value).has_value(); })};
    if (!picked) return false;
    const Kind kind{picked->type.kind};
    const uint64_t bits{*ToBits(*picked->value)};
    if (kind == Kind::BOOL) {
        *picked->value = bits == 0;
    } else if (kind == Kind::ENUM || context.rng.OneIn(4)) {
        *picked->value = MakeAtom(context, picked->type);
    } else if (schema::IsInteger(kind)) {
        *picked->value = FromBits(kind, ChangeBits(context.rng, kind, bits));
    } else {
        *picked->value = ChangeFloat(context.rng, kind, bits);
    }
    return true;
}

namespace {

//! Bytes to insert. For Text they are mostly printable, because BreakValue is the mutator that makes Text invalid.
std::string MakePiece(Rng& rng, Kind kind, size_t length)
{
    // Limits of one-byte numbers, and common terminators.
    static constexpr std::array<char, 8> INTERESTING{'\0', '\1', '\x7f', '\x80', '\xff', '\n', ' ', '/'};
    const bool readable{kind == Kind::TEXT && !rng.OneIn(8)};
    const bool all_equal{rng.OneIn(4)};
    const auto make{[&]() -> char {
        if (readable) return static_cast<char>(rng.OneIn(2) ? rng.Range('a', 'z') : rng.Range(' ', '~'));
        return rng.OneIn(3) ? rng.Pick(INTERESTING) : static_cast<char>(rng.Below(256));
    }};
    std::string piece(length, make());
    if (!all_equal) std::ranges::generate(piece, make);
    return piece;
}

//! Begin and length of a random piece of [0, size). It is not empty, and usually short.
std::pair<size_t, size_t> PickPiece(Rng& rng, size_t size)
{
    const size_t begin{rng.Below(size)};
    return {begin, 1 + rng.SkewedLength(std::min(MAX_PIECE, size - begin) - 1)};
}

void ChangeInside(Rng& rng, Kind kind, std::string& bytes)
{
    const auto [begin, length]{PickPiece(rng, bytes.size())};
    char& byte{bytes[begin]};
    switch (rng.Below(7)) {
    case 0: bytes.erase(begin, length); break;
    case 1: bytes.replace(begin, length, MakePiece(rng, kind, length)); break;
    case 2: bytes.insert(begin, bytes.substr(begin, length)); break;
    case 3: byte = static_cast<char>(byte ^ (1 << rng.Below(8))); break;
    case 4: byte = static_cast<char>(rng.OneIn(2) ? byte + 1 : byte - 1); break;
    case 5: bytes.resize(begin); break;
    default: std::swap(byte, bytes[rng.Below(bytes.size())]);
    }
}

std::string ChangeBlob(Rng& rng, Kind kind, std::string bytes)
{
    // Weights of the cases below: replace all bytes, insert some, change existing ones.
    static constexpr std::array<uint32_t, 3> WEIGHTS{15, 25, 60};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return kind == Kind::TEXT ? generate::MakeText(rng, /*may_misbehave=*/false) : generate::MakeData(rng);
    case 1: {
        // Half of the time insert at the end, so that the existing bytes become a prefix of the new ones.
        const size_t position{rng.OneIn(2) ? bytes.size() : rng.Below(bytes.size() + 1)};
        bytes.insert(position, MakePiece(rng, kind, 1 + rng.SkewedLength(MAX_PIECE - 1)));
        break;
    }
    default:
        if (!bytes.empty()) ChangeInside(rng, kind, bytes);
    }
    return bytes;
}

} // namespace

bool ChangeBytes(program::Program& program, Context& context)
{
    const auto picked{PickValue(context, program, [](const ValueRef& candidate) {
        return IsBlob(candidate.type.kind) &&
               (candidate.value->As<program::Blob>() || candidate.value->As<program::Null>());
    })};
    if (!picked) return false;
    const auto* blob{picked->value->As<program::Blob>()};
    std::string bytes{ChangeBlob(context.rng, picked->type.kind, blob ? blob->bytes : "")};
    const size_t most{std::max(generate::MAX_BLOB_BYTES, blob ? blob->bytes.size() : 0)};
    if (bytes.size() > most) bytes.resize(most);
    *picked->value = program::Blob{std::move(bytes)};
    return true;
}

namespace {

//! Lets the engine change bytes. The result has at most `max` bytes.
std::string AskEngine(const Hints& hints, std::string bytes, size_t max)
{
    std::vector<uint8_t> buffer(bytes.begin(), bytes.end());
    buffer.resize(max);
    const size_t length{hints(std::span{buffer}.first(bytes.size()), max)};
    CHECK(length <= max, length, max);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(length)};
}

//! Gives the engine a number in the form in which the target compares it: little-endian, with the width of its type.
Value AskEngineForNumber(const Hints& hints, Kind kind, uint64_t bits)
{
    const size_t size{(BitWidth(kind) + 7) / 8};
    std::string bytes(size, '\0');
    for (size_t i{0}; i < size; ++i) bytes[i] = static_cast<char>(bits >> (8 * i));
    bytes = AskEngine(hints, std::move(bytes), size);
    uint64_t changed{0};
    for (size_t i{0}; i < bytes.size(); ++i) changed |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
    return FromBits(kind, changed);
}

} // namespace

bool HintValue(program::Program& program, Context& context)
{
    if (!context.hints || !*context.hints) return false;
    const auto picked{PickValue(context, program, [](const ValueRef& candidate) {
        return candidate.value->As<program::Blob>() || ToBits(*candidate.value);
    })};
    if (!picked) return false;
    if (const auto* blob{picked->value->As<program::Blob>()}) {
        const size_t max{std::max(generate::MAX_BLOB_BYTES, blob->bytes.size())};
        *picked->value = program::Blob{AskEngine(*context.hints, blob->bytes, max)};
    } else {
        *picked->value = AskEngineForNumber(*context.hints, picked->type.kind, *ToBits(*picked->value));
    }
    return true;
}

} // namespace mpfuzz::mutate
