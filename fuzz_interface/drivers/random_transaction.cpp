// Weights: guesses, unmeasured.
#include <fuzz_interface/drivers/random_values.h>

#include <domains/bitcoin/transaction.h>

#include <string>

namespace mpfuzz::fuzz_interface {

namespace {

using domains::bitcoin::MakeCoinbase;
using domains::bitcoin::Transaction;
using domains::bitcoin::TxIn;
using domains::bitcoin::TxOut;

constexpr int64_t COIN_SAT{100'000'000};
constexpr uint64_t MAX_HEIGHT{500'000};
// Guesses: enough for lists to be lists.
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

//! Valid as far as can be told without the chain: what it spends is invented.
Transaction Spend(Choices& choices)
{
    const auto to_key{[&] { return std::string{"\x00\x14", 2} + choices.Bytes(20); }};
    // A signature and a key, as far as their sizes go.
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

void Spoil(Choices& choices, Transaction& transaction)
{
    switch (choices.Below(5)) {
    case 0: transaction.inputs.push_back(transaction.inputs.front()); break; // spends twice
    case 1: transaction.outputs.clear(); break;
    case 2: transaction.outputs.front().value_sat = Random<int64_t>(choices); break;
    case 3: transaction.inputs.front().script_sig = ScriptOf(choices); break;
    default: transaction.inputs.front().witness = {""};
    }
}

} // namespace

void Fill(Choices& choices, TransactionRef& value)
{
    Transaction transaction;
    switch (choices.Below(5)) {
    case 0: value = nullptr; return;
    case 1: transaction = Coinbase(choices); break;
    case 2: transaction = Spend(choices); break;
    case 3:
        transaction = Spend(choices);
        Spoil(choices, transaction);
        break;
    default: transaction = Anything(choices);
    }
    value = std::make_shared<const Transaction>(std::move(transaction));
}

} // namespace mpfuzz::fuzz_interface
