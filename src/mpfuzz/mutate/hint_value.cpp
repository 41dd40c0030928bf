#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/numbers.h>
#include <mpfuzz/mutate/value_ref.h>

#include <algorithm>
#include <array>

namespace mpfuzz::mutate {

namespace {

//! Let the engine change bytes that may grow to `max`.
std::string Ask(const Hints& hints, std::string bytes, size_t max)
{
    std::vector<uint8_t> buffer(bytes.begin(), bytes.end());
    buffer.resize(max);
    const size_t length{hints(std::span{buffer}.first(bytes.size()), max)};
    CHECK(length <= max, length, max);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(length)};
}

//! Numbers go as the target's comparisons see them: little-endian, at their own width.
program::Value AskNumber(const Hints& hints, schema::Kind kind, uint64_t bits)
{
    const size_t size{(BitWidth(kind) + 7) / 8};
    std::string bytes(size, '\0');
    for (size_t i{0}; i < size; ++i) bytes[i] = static_cast<char>(bits >> (8 * i));
    bytes = Ask(hints, std::move(bytes), size);
    uint64_t changed{0};
    for (size_t i{0}; i < bytes.size(); ++i) changed |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
    return FromBits(kind, changed);
}

} // namespace

bool HintValue(program::Program& program, Context& context)
{
    if (!context.hints || !*context.hints) return false;
    const auto site{PickValue(context, program, [](const ValueRef& candidate) {
        return candidate.value->As<program::Blob>() || ToBits(*candidate.value);
    })};
    if (!site) return false;
    if (const auto* blob{site->value->As<program::Blob>()}) {
        const size_t max{std::max(generate::MAX_BLOB_BYTES, blob->bytes.size())};
        *site->value = program::Blob{Ask(*context.hints, blob->bytes, max)};
    } else {
        *site->value = AskNumber(*context.hints, site->type.kind, *ToBits(*site->value));
    }
    return true;
}

} // namespace mpfuzz::mutate
