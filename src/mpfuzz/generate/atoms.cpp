#include <mpfuzz/generate/atoms.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string_view>

namespace mpfuzz::generate {

using base::Rng;
using schema::Kind;

namespace {

// All weights and shares in this file are guesses, unmeasured.

unsigned Bits(Kind kind) { return static_cast<unsigned>(std::bit_width(schema::MaxInteger(kind))); }

//! A number near a power of two, of either sign. It may overflow and wrap around.
int64_t NearPowerOfTwo(Rng& rng)
{
    const uint64_t power{uint64_t{1} << rng.Below(64)};
    const uint64_t near{power + static_cast<uint64_t>(rng.Range(-1, 1))};
    return static_cast<int64_t>(rng.OneIn(4) ? ~near + 1 : near);
}

//! An integer of a kind with the low bits of a number.
program::Value Fit(Kind kind, int64_t number)
{
    const bool is_signed{schema::MinInteger(kind) < 0};
    const unsigned width{Bits(kind) + (is_signed ? 1 : 0)};
    const uint64_t raw{static_cast<uint64_t>(number)};
    const unsigned unused{64 - width};
    if (is_signed) return static_cast<int64_t>(raw << unused) >> unused;
    return (raw << unused) >> unused;
}

bool InRange(Kind kind, int64_t number)
{
    return number < 0 ? number >= schema::MinInteger(kind) : static_cast<uint64_t>(number) <= schema::MaxInteger(kind);
}

double SpecialDouble(Rng& rng)
{
    using Limits = std::numeric_limits<double>;
    static constexpr std::array VALUES{
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        0.1,
        1e-9,
        1e9,
        9.2e18,
        1.8446744073709552e19,
        -9.3e18,
        Limits::max(),
        Limits::lowest(),
        Limits::min(),
        Limits::denorm_min(),
        Limits::infinity(),
        -Limits::infinity(),
        Limits::quiet_NaN(),
    };
    return rng.Pick(VALUES);
}

program::Float ToFloat(Kind kind, double number)
{
    if (kind == Kind::FLOAT64) return {std::bit_cast<uint64_t>(number)};
    // Converting a double above float's range to float is undefined behaviour.
    constexpr double MAX{std::numeric_limits<float>::max()};
    if (std::isfinite(number) && std::abs(number) > MAX) number = std::copysign(MAX, number);
    return {std::bit_cast<uint32_t>(static_cast<float>(number))};
}

constexpr std::array<std::string_view, 14> WORDS{
    "a",    "name", "hello",  "test",    "0",    "-1", "true",
    "null", "main", "worker", "../../x", "%s%n", "{}", "quick brown fox",
};

// A byte that never occurs in UTF-8, an incomplete sequence, half a surrogate pair, a sequence of five bytes.
constexpr std::array<std::string_view, 4> BROKEN_UTF8{"\xff", "\xc3", "\xed\xa0\x80", "\xf8\x88"};

std::string Words(Rng& rng, size_t count)
{
    std::string text;
    for (size_t i{0}; i < count; ++i) {
        if (i > 0) text += ' ';
        text += rng.Pick(WORDS);
    }
    return text;
}

std::string PrintableText(Rng& rng, size_t length)
{
    std::string text(length, ' ');
    for (char& c : text) c = static_cast<char>(rng.Range(' ', '~'));
    return text;
}

} // namespace

program::Value MakeInteger(Rng& rng, Kind kind, std::span<const int64_t> constants)
{
    // Zero, small, near a power of two, an end of the range, uniform.
    static constexpr std::array<uint32_t, 5> WEIGHTS{15, 35, 25, 15, 10};
    if (!constants.empty() && rng.OneIn(10)) {
        const int64_t near{rng.Pick(constants)};
        if (InRange(kind, near)) return Fit(kind, near);
    }
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return Fit(kind, 0);
    case 1: return Fit(kind, rng.Range(rng.OneIn(8) ? -2 : 1, 20));
    case 2: return Fit(kind, NearPowerOfTwo(rng));
    case 3: return Fit(kind, rng.OneIn(2) ? schema::MinInteger(kind) : static_cast<int64_t>(schema::MaxInteger(kind)));
    default: return Fit(kind, static_cast<int64_t>(rng.Next()));
    }
}

program::Float MakeFloat(Rng& rng, Kind kind, std::span<const double> constants)
{
    // Small integer, fraction, special value, uniform bits.
    static constexpr std::array<uint32_t, 4> WEIGHTS{40, 20, 30, 10};
    if (!constants.empty() && rng.OneIn(10)) return ToFloat(kind, rng.Pick(constants));
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return ToFloat(kind, static_cast<double>(rng.Range(-2, 20)));
    case 1: return ToFloat(kind, static_cast<double>(rng.Range(-1000, 1000)) / 64);
    case 2: return ToFloat(kind, SpecialDouble(rng));
    default: return {kind == Kind::FLOAT64 ? rng.Next() : rng.Next() >> 32};
    }
}

std::string MakeText(Rng& rng, bool may_misbehave)
{
    // Empty, a word, words, digits, UTF-8, printable, long, broken UTF-8, with NULs.
    static constexpr std::array<uint32_t, 9> WELL_BEHAVED{10, 40, 15, 10, 5, 15, 5, 0, 0};
    static constexpr std::array<uint32_t, 9> MISBEHAVING{10, 20, 5, 10, 5, 10, 10, 20, 10};
    switch (rng.Weighted(may_misbehave ? MISBEHAVING : WELL_BEHAVED)) {
    case 0: return "";
    case 1: return Words(rng, 1);
    case 2: return Words(rng, 2 + rng.SkewedLength(20));
    case 3: return std::to_string(static_cast<int64_t>(rng.Next()) >> rng.Below(64));
    case 4: return "gr\xc3\xbc\xc3\x9f \xe2\x82\xbf \xf0\x9f\x90\x9b";
    case 5: return PrintableText(rng, rng.SkewedLength(64));
    case 6: return std::string(rng.SkewedLength(MAX_BLOB_BYTES), static_cast<char>(rng.Range('a', 'z')));
    case 7: return Words(rng, 1) + std::string{rng.Pick(BROKEN_UTF8)};
    default: return Words(rng, 1) + std::string(1 + rng.Below(3), '\0') + Words(rng, 1);
    }
}

std::string MakeData(Rng& rng)
{
    // Empty, short, 32 bytes, long, a run of one byte.
    static constexpr std::array<uint32_t, 5> WEIGHTS{15, 35, 25, 10, 15};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return "";
    case 1: return RandomBytes(rng, 1 + rng.SkewedLength(15));
    case 2: return RandomBytes(rng, 32);
    case 3: return RandomBytes(rng, rng.SkewedLength(MAX_BLOB_BYTES));
    default: return std::string(rng.SkewedLength(MAX_BLOB_BYTES), rng.OneIn(2) ? '\0' : '\xff');
    }
}

std::string RandomBytes(Rng& rng, size_t length)
{
    std::string bytes(length, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng.Below(256));
    return bytes;
}

std::vector<program::Edit> MakeEdits(Rng& rng)
{
    using EditKind = program::Edit::Kind;
    std::vector<program::Edit> edits(1 + rng.SkewedLength(2));
    for (program::Edit& edit : edits) {
        edit.kind = static_cast<EditKind>(rng.Below(5));
        if (edit.kind == EditKind::FLIP) edit.number = rng.SkewedLength(8 * 128);
        if (edit.kind == EditKind::PUT || edit.kind == EditKind::CUT) edit.number = rng.SkewedLength(128);
        if (edit.kind != EditKind::FLIP && edit.kind != EditKind::CUT)
            edit.bytes = RandomBytes(rng, 1 + rng.SkewedLength(7));
    }
    return edits;
}

} // namespace mpfuzz::generate
