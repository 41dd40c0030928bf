// Weights are guesses, unmeasured.
#include <fuzz_interface/drivers/random_values.h>

#include <domains/bitcoin/transaction.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string>
#include <string_view>

namespace mpfuzz::fuzz_interface {
namespace {

// More than fits into the first segment of a message.
constexpr size_t MAX_TEXT{100'000};
constexpr size_t MAX_USUAL_TEXT{300};

template<std::integral T>
T Number(Choices& choices)
{
    using Unsigned = std::make_unsigned_t<T>;
    switch (choices.Below(5)) {
    case 0: return static_cast<T>(choices.Length(16));
    case 1: return static_cast<T>(Unsigned{0} - static_cast<Unsigned>(choices.Length(16)));
    case 2: { // a power of two or its neighbour; these include the limits
        const Unsigned power{static_cast<Unsigned>(Unsigned{1} << choices.Below(8 * sizeof(T)))};
        return static_cast<T>(power - 1 + static_cast<Unsigned>(choices.Below(3)));
    }
    default: return choices.Bits<T>();
    }
}

double Special(Choices& choices)
{
    using Limits = std::numeric_limits<double>;
    static constexpr std::array SPECIAL{0.0,
                                        1.0,
                                        Limits::min(),
                                        Limits::denorm_min(),
                                        Limits::max(),
                                        Limits::epsilon(),
                                        Limits::infinity(),
                                        Limits::quiet_NaN(),
                                        9007199254740993.0};
    return choices.Pick(SPECIAL);
}

double NotANumber(Choices& choices)
{
    constexpr uint64_t EXPONENT{uint64_t{0x7ff} << 52};
    // Not zero, otherwise it is an infinity. If the highest bit is 0, it is a signalling NaN.
    const uint64_t payload{1 + choices.Below((uint64_t{1} << 52) - 1)};
    return std::bit_cast<double>(EXPONENT | payload);
}

size_t TextLength(Choices& choices)
{
    return choices.OneIn(1'000) ? choices.Below(MAX_TEXT) : choices.Length(MAX_USUAL_TEXT);
}

std::string Text(Choices& choices)
{
    static constexpr std::array<std::string_view, 9> TEXTS{
        "",         {"\0", 1},      {"a\0b", 3}, "\xc3\xa9",      "\xf0\x9f\x92\xa9",
        "\xff\xfe", "\xed\xa0\x80", "\xc0\x80",  "\xef\xbb\xbf{}"};
    switch (choices.Below(4)) {
    case 0: return std::string{choices.Pick(TEXTS)};
    case 1: {
        const size_t size{TextLength(choices)};
        return std::string(size, static_cast<char>('a' + choices.Below(4)));
    }
    case 2: { // short texts of few letters, so that keys are often equal, or one is a prefix of another
        std::string text{choices.Bytes(choices.Length(4))};
        for (char& letter : text) letter = static_cast<char>('a' + static_cast<uint8_t>(letter) % 4);
        return text;
    }
    default: return choices.Bytes(TextLength(choices));
    }
}

std::string ScriptBytes(Choices& choices)
{
    // Limits of a one-byte compact size, of a stack element, of a script, and of a three-byte compact size.
    static constexpr std::array<size_t, 9> LENGTHS{0, 1, 252, 253, 520, 521, 10'000, 10'001, 65'536};
    using std::string_literals::operator""s;
    switch (choices.Below(8)) {
    case 0: return "\x76\xa9\x14"s + choices.Bytes(20) + "\x88\xac"; // pay to public key hash
    case 1: return "\x00\x14"s + choices.Bytes(20);                  // pay to witness public key hash
    case 2: return "\x00\x20"s + choices.Bytes(32);                  // pay to witness script hash
    case 3: return "\x51\x20"s + choices.Bytes(32);                  // pay to taproot
    case 4: return "\x6a"s + Text(choices);                          // OP_RETURN
    case 5: return std::string(LENGTHS[choices.Below(choices.OneIn(16) ? LENGTHS.size() : 6)], '\x51');
    default: return choices.Bytes(choices.Length(MAX_USUAL_TEXT));
    }
}

using domains::bitcoin::MakeCoinbase;
using domains::bitcoin::Transaction;
using domains::bitcoin::TxIn;
using domains::bitcoin::TxOut;

constexpr int64_t COIN_SAT{100'000'000};
constexpr uint64_t MAX_HEIGHT{500'000};
constexpr size_t MAX_INPUTS{20};
constexpr size_t MAX_WITNESS{5};

std::string ScriptOf(Choices& choices) { return Random<Script>(choices).bytes; }

TxIn AnyInput(Choices& choices)
{
    const auto spent{Random<OutPoint>(choices)};
    TxIn input{.txid = spent.txid,
               .output = spent.output,
               .script_sig = ScriptOf(choices),
               .sequence = Random<uint32_t>(choices),
               .witness = {}};
    const size_t items{choices.OneIn(2) ? choices.Length(MAX_WITNESS) : 0};
    for (size_t i{0}; i < items; ++i) input.witness.push_back(ScriptOf(choices));
    return input;
}

TxOut AnyOutput(Choices& choices) { return {.value_sat = Random<int64_t>(choices), .script = ScriptOf(choices)}; }

Transaction Anything(Choices& choices)
{
    Transaction transaction{.version = Random<uint32_t>(choices),
                            .inputs = {AnyInput(choices)},
                            .outputs = {},
                            .lock_time = Random<uint32_t>(choices)};
    const size_t more_inputs{choices.Length(MAX_INPUTS)};
    for (size_t i{0}; i < more_inputs; ++i) transaction.inputs.push_back(AnyInput(choices));
    const size_t outputs{choices.Length(MAX_INPUTS)};
    for (size_t i{0}; i < outputs; ++i) transaction.outputs.push_back(AnyOutput(choices));
    return transaction;
}

//! A transaction that is valid, except that the output it spends does not exist.
Transaction Spend(Choices& choices)
{
    const auto to_key{[&] { return std::string{"\x00\x14", 2} + choices.Bytes(20); }};
    // The sizes of a signature and of a public key.
    TxIn input{.txid = choices.Bytes(32),
               .output = static_cast<uint32_t>(choices.Below(4)),
               .script_sig = "",
               .sequence = 0xfffffffd,
               .witness = {choices.Bytes(71), choices.Bytes(33)}};
    return {.version = 2,
            .inputs = {input},
            .outputs = {{.value_sat = COIN_SAT, .script = to_key()}, {.value_sat = COIN_SAT / 2, .script = to_key()}},
            .lock_time = 0};
}

Transaction Coinbase(Choices& choices)
{
    const auto height{static_cast<uint32_t>(choices.Below(MAX_HEIGHT))};
    return MakeCoinbase(height, /*extra=*/choices.Bytes(8), 50 * COIN_SAT);
}

void MakeInvalid(Choices& choices, Transaction& transaction)
{
    switch (choices.Below(5)) {
    case 0: transaction.inputs.push_back(transaction.inputs.front()); break; // spends the same output twice
    case 1: transaction.outputs.clear(); break;
    case 2: transaction.outputs.front().value_sat = Random<int64_t>(choices); break;
    case 3: transaction.inputs.front().script_sig = ScriptOf(choices); break;
    default: transaction.inputs.front().witness = {""};
    }
}

} // namespace

void Fill(Choices& choices, bool& value) { value = choices.Below(2) == 1; }
void Fill(Choices& choices, int32_t& value) { value = Number<int32_t>(choices); }
void Fill(Choices& choices, uint32_t& value) { value = Number<uint32_t>(choices); }
void Fill(Choices& choices, int64_t& value) { value = Number<int64_t>(choices); }
void Fill(Choices& choices, uint64_t& value) { value = Number<uint64_t>(choices); }

void Fill(Choices& choices, double& value)
{
    switch (choices.Below(4)) {
    case 0: value = Special(choices); break;
    case 1: value = NotANumber(choices); break;
    case 2: value = static_cast<double>(Number<int64_t>(choices)); break;
    default: value = std::bit_cast<double>(choices.Bits<uint64_t>());
    }
    if (choices.OneIn(2)) value = std::bit_cast<double>(std::bit_cast<uint64_t>(value) ^ (uint64_t{1} << 63));
}

void Fill(Choices& choices, Colour& value)
{
    value = static_cast<Colour>(choices.OneIn(8) ? Number<uint8_t>(choices) : choices.Below(COLOURS));
}

void Fill(Choices& choices, std::string& value) { value = Text(choices); }

void Fill(Choices& choices, Bytes& value)
{
    const std::string bytes{Text(choices)};
    value.assign(bytes.begin(), bytes.end());
}

void Fill(Choices& choices, std::vector<bool>& value)
{
    const size_t size{choices.OneIn(4) ? choices.Below(MAX_LIST) : choices.Length(MAX_LIST)};
    for (size_t i{0}; i < size; ++i) value.push_back(Random<bool>(choices));
}

void Fill(Choices& choices, FeeRate& value) { Fill(choices, value.sat_per_kvb); }

void Fill(Choices& choices, OutPoint& value)
{
    value.txid = choices.Bytes(32);
    Fill(choices, value.output);
}

void Fill(Choices& choices, Script& value) { value.bytes = ScriptBytes(choices); }

void Fill(Choices& choices, Settings& value)
{
    Fill(choices, value.forced);
    Fill(choices, value.command_line);
}

void Fill(Choices& choices, TransactionRef& value)
{
    Transaction transaction;
    switch (choices.Below(5)) {
    case 0: value = nullptr; return;
    case 1: transaction = Coinbase(choices); break;
    case 2: transaction = Spend(choices); break;
    case 3:
        transaction = Spend(choices);
        MakeInvalid(choices, transaction);
        break;
    default: transaction = Anything(choices);
    }
    value = std::make_shared<const Transaction>(std::move(transaction));
}

} // namespace mpfuzz::fuzz_interface
