#include <fuzz_interface/drivers/content.h>

#include <fuzz_interface/drivers/random_values.h>

#include <domains/bitcoin/serialize.h>
#include <domains/bitcoin/transaction.h>
#include <domains/bitcoin/values.h>

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace mpfuzz::fuzz_interface {
namespace {

constexpr size_t DEEPEST{100'000};

std::string SerializedTransaction(Choices& choices)
{
    const auto transaction{Random<TransactionRef>(choices)};
    return transaction ? domains::bitcoin::Serialize(*transaction, /*with_witness=*/choices.Below(2) == 0) : "";
}

//! A count, or a length, that promises what does not follow.
std::string LyingCount(Choices& choices)
{
    static constexpr std::array<uint64_t, 8> COUNTS{0, 1, 0xfc, 0xfd, 0xffff, 0x0200'0000, 0xffff'ffff, UINT64_MAX};
    std::string bytes;
    domains::bitcoin::AppendCompactSize(bytes, choices.Pick(COUNTS));
    return bytes;
}

//! The same bytes, but for one place.
std::string Damage(Choices& choices, std::string bytes, std::string_view odd)
{
    const size_t at{choices.Below(bytes.size() + 1)};
    switch (choices.Below(5)) {
    case 0: bytes.resize(at); break;
    case 1: bytes.append(choices.Bytes(1 + choices.Length(40))); break;
    case 2: bytes.replace(at, 1, odd); break;
    case 3: bytes.insert(at, odd); break;
    default: bytes.replace(at, 1, choices.Bytes(1));
    }
    return bytes;
}

std::string Levels(std::string_view open, std::string_view close, size_t depth)
{
    std::string text;
    for (size_t i{0}; i < depth; ++i) text += open;
    text += "1";
    for (size_t i{0}; i < depth; ++i) text += close;
    return text;
}

std::string Deep(Choices& choices)
{
    static constexpr std::array<size_t, 5> DEPTHS{1, 100, 1'000, 10'000, DEEPEST};
    const size_t depth{choices.Pick(DEPTHS)};
    switch (choices.Below(3)) {
    case 0: return Levels("[", "]", depth);
    case 1: return Levels("{\"\":", "}", depth);
    default: return Levels("[", "", depth);
    }
}

//! What JSON does not know, or only just knows.
std::string_view Odd(Choices& choices)
{
    static constexpr std::array<std::string_view, 18> LITERALS{
        "1e999",
        "-0",
        "01",
        "1.",
        ".5",
        "+1",
        "99999999999999999999",
        "-9223372036854775809",
        "1e-999",
        "0x10",
        "NaN",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\x\"",
        "nul",
        "\xff",
        {"\0", 1},
        "\xef\xbb\xbf",
    };
    return choices.Pick(LITERALS);
}

} // namespace

std::string WildBytes(Choices& choices)
{
    std::string bytes;
    switch (choices.Below(6)) {
    case 0: return choices.Bytes(choices.Length(300));
    case 1: bytes = SerializedTransaction(choices); break;
    case 2: bytes = Serialize(Random<FeeRate>(choices)); break;
    case 3: bytes = Serialize(Random<OutPoint>(choices)); break;
    case 4: bytes = Serialize(Random<Script>(choices)); break;
    default: bytes = SerializedTransaction(choices);
    }
    return choices.Below(2) == 0 ? bytes : Damage(choices, bytes, LyingCount(choices));
}

std::string WildText(Choices& choices)
{
    switch (choices.Below(8)) {
    case 0: return Random<std::string>(choices);
    case 1:
    case 2: return Random<Json>(choices).Get().dump();
    case 3:
    case 4: return Damage(choices, Random<Json>(choices).Get().dump(), Odd(choices));
    case 5: return "[" + std::string{Odd(choices)} + "]";
    case 6: return choices.OneIn(4) ? Deep(choices) : std::string{Odd(choices)};
    default: return choices.Bytes(choices.Length(300));
    }
}

int64_t WildInteger(Choices& choices)
{
    if (choices.Below(2) == 0) return static_cast<int64_t>(choices.Below(8)) - 1;
    return Random<int64_t>(choices);
}

double WildDouble(Choices& choices) { return Random<double>(choices); }

} // namespace mpfuzz::fuzz_interface
