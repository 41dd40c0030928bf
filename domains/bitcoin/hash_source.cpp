#include <domains/bitcoin/block.h>
#include <domains/bitcoin/named_calls.h>
#include <domains/bitcoin/sources.h>

#include <algorithm>
#include <array>

namespace mpfuzz::domains::bitcoin {

using domain::Builder;
using domain::SourceContext;
using program::Value;

namespace {

constexpr std::array<std::string_view, 6> HASH_FIELDS{"currentTip", "hash", "txid", "wtxid", "txids", "wtxids"};

std::string RandomHash(base::Rng& rng, size_t length)
{
    std::string bytes(length, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng.Below(256));
    return bytes;
}

//! A hash that the target told us, mostly as it is.
std::optional<Value> EarlierHash(const SourceContext& source_context, Builder& builder, base::Rng& rng)
{
    const std::vector<std::string_view> fields{HASH_FIELDS.begin(), HASH_FIELDS.end()};
    std::vector<program::DataRef> answers{builder.Answers(source_context.type, fields, source_context.target.step)};
    if (answers.empty() && rng.OneIn(3) && CallNamed(builder, source_context, "getTip")) {
        answers = builder.Answers(source_context.type, fields, source_context.target.step);
    }
    if (answers.empty()) return std::nullopt;
    program::DataRef chosen{rng.OneIn(2) ? answers.back() : rng.Pick(answers)};
    if (rng.OneIn(10)) chosen.edits.push_back({program::Edit::Kind::FLIP, rng.Below(256), {}});
    return chosen;
}

class HashSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "hash"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return source_context.type.kind == schema::Kind::DATA &&
               std::ranges::count(HASH_FIELDS, source_context.field) > 0;
    }

    std::optional<Value> Make(const SourceContext& source_context, Builder& builder, base::Rng& rng) const override
    {
        // Guesses, unmeasured: earlier, genesis, transaction of the genesis, a block of ours, zeros, random, wrong
        // length.
        static constexpr std::array<uint32_t, 7> WEIGHTS{45, 12, 12, 8, 6, 9, 8};
        switch (rng.Weighted(WEIGHTS)) {
        case 0: return EarlierHash(source_context, builder, rng);
        case 1: return program::Blob{Hash(RegtestGenesis())};
        case 2: return program::Blob{GenesisTxid()};
        case 3: {
            const Block block{MakeChainBlock(static_cast<uint32_t>(1 + rng.SkewedLength(3)))};
            return program::Blob{rng.OneIn(2) ? Hash(block.header) : Txid(block.transactions[0])};
        }
        case 4: return program::Blob{std::string(32, '\0')};
        case 5: return program::Blob{RandomHash(rng, 32)};
        default: return program::Blob{RandomHash(rng, rng.OneIn(2) ? 31 + 2 * rng.Below(2) : rng.SkewedLength(100))};
        }
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeHashSource() { return std::make_unique<HashSource>(); }

} // namespace mpfuzz::domains::bitcoin
