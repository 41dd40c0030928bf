#include <domains/bitcoin/block.h>
#include <domains/bitcoin/named_calls.h>
#include <domains/bitcoin/serialize.h>
#include <domains/bitcoin/sources.h>

#include <array>

namespace mpfuzz::domains::bitcoin {

using domain::Builder;
using domain::SourceContext;
using program::Edit;
using program::Value;

namespace {

//! Bytes behind the height in a coinbase's script: pool tag and extra nonce. At least one, as scripts of
//! one byte are invalid.
std::string Extra(base::Rng& rng)
{
    if (rng.OneIn(2)) return std::string(1, '\0');
    std::string extra(1 + rng.SkewedLength(20), '/');
    extra.back() = static_cast<char>(rng.Below(256));
    return extra;
}

int64_t RewardSat(base::Rng& rng)
{
    // Never more than what a regtest block may pay after a few halvings, but for one case.
    static constexpr std::array<int64_t, 5> REWARDS_SAT{0, 1, 600'000'000, 2'500'000'000, REGTEST_SUBSIDY_SAT};
    return rng.OneIn(12) ? REGTEST_SUBSIDY_SAT + 1 : rng.Pick(REWARDS_SAT);
}

//! The template's own script prefix with the rest of a transaction written around it. How long the
//! prefix is, the program cannot know in advance: the guess is right for that many blocks.
std::optional<Value> AroundPrefix(const SourceContext& source_context, Builder& builder, base::Rng& rng)
{
    // Guesses, unmeasured: heights up to 16, 127, 32767.
    static constexpr std::array<uint32_t, 3> PREFIX_BYTES_WEIGHTS{60, 30, 10};
    const auto of_this_template{[&] {
        std::vector<program::DataRef> prefixes{DataOf(builder, source_context, "getCoinbaseTx", "scriptSigPrefix")};
        std::erase_if(prefixes, [&](const program::DataRef& ref) {
            return std::get<program::Call>(builder.GetProgram().steps[ref.step]).target != source_context.target;
        });
        return prefixes;
    }};
    std::vector<program::DataRef> prefixes{of_this_template()};
    const auto method{source_context.schema.FindMethod(source_context.method.interface, "getCoinbaseTx")};
    if (prefixes.empty() && method && builder.AddCall(*method, source_context.target)) prefixes = of_this_template();
    if (prefixes.empty()) return std::nullopt;

    const std::string extra{Extra(rng)};
    const Transaction whole{MakeCoinbase(0, "", RewardSat(rng))};
    const std::string bytes{Serialize(whole, /*with_witness=*/false)};
    // version, number of inputs, outpoint; then the length of the script, and the script of one byte.
    constexpr size_t TO_SCRIPT_LENGTH{4 + 1 + 36};
    const uint64_t script_bytes{1 + rng.Weighted(PREFIX_BYTES_WEIGHTS) + extra.size()};
    std::string front{bytes.substr(0, TO_SCRIPT_LENGTH)};
    AppendCompactSize(front, script_bytes);

    program::DataRef coinbase{prefixes.back()};
    coinbase.edits.push_back({Edit::Kind::PREPEND, 0, std::move(front)});
    coinbase.edits.push_back({Edit::Kind::APPEND, 0, extra + bytes.substr(TO_SCRIPT_LENGTH + 2)});
    return coinbase;
}

Transaction OwnCoinbase(base::Rng& rng)
{
    const auto height{static_cast<uint32_t>(1 + rng.SkewedLength(200))};
    Transaction coinbase{MakeCoinbase(height, Extra(rng), RewardSat(rng))};
    if (rng.OneIn(6)) coinbase.inputs[0].witness.emplace_back(32, '\0');
    if (rng.OneIn(10)) coinbase.lock_time = height - 1;
    if (rng.OneIn(10)) coinbase.outputs.push_back({0, std::string{"\x6a\x24\xaa\x21\xa9\xed"} + std::string(32, '\0')});
    return coinbase;
}

//! What is no coinbase, or no transaction.
std::string NotACoinbase(base::Rng& rng)
{
    Transaction transaction{OwnCoinbase(rng)};
    switch (rng.Below(7)) {
    case 0: return "";
    case 1: return program::ApplyEdits(Serialize(transaction, true), {{Edit::Kind::CUT, rng.Below(80), {}}});
    case 2: transaction.inputs[0].txid = GenesisTxid(), transaction.inputs[0].output = 0; break;
    case 3: transaction.inputs.push_back(transaction.inputs[0]); break;
    case 4: transaction.inputs.clear(); break;
    case 5: transaction.outputs.clear(); break;
    default: transaction.inputs[0].script_sig = std::string(rng.OneIn(2) ? 0 : 101, 'x'); break;
    }
    return Serialize(transaction, /*with_witness=*/true);
}

class CoinbaseSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "coinbase"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return source_context.type.kind == schema::Kind::DATA && source_context.field == "coinbase";
    }

    std::optional<Value> Make(const SourceContext& source_context, Builder& builder, base::Rng& rng) const override
    {
        // Guesses, unmeasured: for this template, well-formed, malformed, anything.
        static constexpr std::array<uint32_t, 4> WEIGHTS{50, 27, 18, 5};
        switch (rng.Weighted(WEIGHTS)) {
        case 0: {
            auto coinbase{AroundPrefix(source_context, builder, rng)};
            if (coinbase) return coinbase;
            [[fallthrough]];
        }
        case 1: return program::Blob{Serialize(OwnCoinbase(rng), /*with_witness=*/true)};
        case 2: return program::Blob{NotACoinbase(rng)};
        default: return std::nullopt;
        }
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeCoinbaseSource() { return std::make_unique<CoinbaseSource>(); }

} // namespace mpfuzz::domains::bitcoin
