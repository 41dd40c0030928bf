#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/numbers.h>
#include <mpfuzz/mutate/value_ref.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace mpfuzz::mutate {

using program::Value;
using schema::Kind;

namespace {

// Farthest that a number is moved at a time. Guess, unmeasured.
constexpr int64_t MAX_DISTANCE{35};

uint64_t ChangeBits(Context& context, Kind kind, uint64_t bits)
{
    // Guesses, unmeasured: one more or less, some more or less, a flipped bit, another byte, a sign, a doubling, a
    // halving, another half byte.
    static constexpr std::array<uint32_t, 8> WEIGHTS{30, 20, 25, 20, 5, 5, 5, 20};
    base::Rng& rng{context.rng};
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

double ChangeReal(Context& context, double number)
{
    base::Rng& rng{context.rng};
    switch (rng.Below(6)) {
    case 0: return number + 1;
    case 1: return number - 1;
    case 2: return number + static_cast<double>(rng.Range(-MAX_DISTANCE, MAX_DISTANCE));
    case 3: return -number;
    case 4: return number * 2;
    default: return std::trunc(number / 2);
    }
}

Value ChangeFloat(Context& context, Kind kind, uint64_t bits)
{
    if (context.rng.OneIn(5)) return FromBits(kind, bits ^ (uint64_t{1} << context.rng.Below(BitWidth(kind))));
    if (kind == Kind::FLOAT64)
        return program::Float{std::bit_cast<uint64_t>(ChangeReal(context, std::bit_cast<double>(bits)))};
    const double number{std::bit_cast<float>(static_cast<uint32_t>(bits))};
    const double changed{ChangeReal(context, number)};
    // A double that rounds beyond float's range has no defined conversion.
    if (std::isfinite(changed) && std::abs(changed) > std::numeric_limits<float>::max())
        return FromBits(kind, bits + 1);
    return program::Float{std::bit_cast<uint32_t>(static_cast<float>(changed))};
}

} // namespace

bool ChangeNumber(program::Program& program, Context& context)
{
    const auto site{
        PickValue(context, program, [](const ValueRef& candidate) { return ToBits(*candidate.value).has_value(); })};
    if (!site) return false;
    const Kind kind{site->type.kind};
    const uint64_t bits{*ToBits(*site->value)};
    if (kind == Kind::BOOL) {
        *site->value = bits == 0;
    } else if (kind == Kind::ENUM || context.rng.OneIn(4)) {
        *site->value = MakeAtom(context, site->type);
    } else if (schema::IsInteger(kind)) {
        *site->value = FromBits(kind, ChangeBits(context, kind, bits));
    } else {
        *site->value = ChangeFloat(context, kind, bits);
    }
    return true;
}

} // namespace mpfuzz::mutate
