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

Edit Put(uint64_t offset, uint64_t number)
{
    std::string bytes;
    AppendInteger(bytes, static_cast<uint32_t>(number));
    return {Edit::Kind::PUT, offset, std::move(bytes)};
}

//! A change to a serialised block that leaves it worth looking at.
Edit EditBlock(base::Rng& rng)
{
    // Guesses, unmeasured: nonce, time, version, cut, one bit, trailing bytes.
    static constexpr std::array<uint32_t, 6> WEIGHTS{40, 15, 10, 15, 15, 5};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return Put(NONCE_OFFSET, rng.OneIn(2) ? rng.Below(8) : rng.Next());
    case 1: return Put(TIME_OFFSET, REGTEST_GENESIS_TIME + rng.SkewedLength(1'000'000));
    case 2: return Put(VERSION_OFFSET, rng.OneIn(2) ? 0x20000000 : rng.Next());
    case 3: return {Edit::Kind::CUT, rng.OneIn(3) ? HEADER_BYTES : rng.Below(300), {}};
    case 4: return {Edit::Kind::FLIP, rng.Below(8 * 250), {}};
    default: return {Edit::Kind::APPEND, 0, std::string(1 + rng.Below(8), '\0')};
    }
}

std::optional<Value> TemplateBlock(const SourceContext& source_context, Builder& builder, base::Rng& rng)
{
    std::vector<program::DataRef> blocks{DataOf(builder, source_context, "getBlock", "result")};
    if (blocks.empty() && CallNamed(builder, source_context, "getBlock"))
        blocks = DataOf(builder, source_context, "getBlock", "result");
    if (blocks.empty()) return std::nullopt;
    program::DataRef chosen{rng.OneIn(2) ? blocks.back() : rng.Pick(blocks)};
    while (chosen.edits.size() < 3 && rng.Percent(60)) chosen.edits.push_back(EditBlock(rng)); // guess, unmeasured
    return chosen;
}

//! A block of our own chain with one thing wrong, or nothing.
Block FlawedBlock(base::Rng& rng)
{
    const auto height{static_cast<uint32_t>(1 + rng.SkewedLength(4))};
    Block block{MakeChainBlock(height)};
    switch (rng.Below(10)) {
    case 0: block.header.merkle_root[0] ^= 1; break;
    case 1: ++block.header.nonce; break;
    case 2: block.transactions.clear(); break;
    case 3: block.transactions.push_back(block.transactions[0]); break;
    case 4: block.transactions[0] = MakeCoinbase(height + 1, "x", REGTEST_SUBSIDY_SAT); break;
    case 5: block.transactions[0].outputs[0].value_sat += rng.OneIn(2) ? 1 : INT64_MAX / 2; break;
    case 6: block.transactions[0].inputs[0].witness.emplace_back(32, '\0'); break;
    default: return block; // as it should be
    }
    if (rng.OneIn(2)) Mine(block);
    return block;
}

std::string OwnBlock(base::Rng& rng)
{
    std::string bytes{Serialize(FlawedBlock(rng))};
    if (rng.OneIn(6)) bytes = program::ApplyEdits(std::move(bytes), {EditBlock(rng)});
    return bytes;
}

class BlockSource final : public domain::ValueSource
{
public:
    std::string_view Name() const override { return "block"; }
    bool Fits(const SourceContext& source_context) const override
    {
        return source_context.type.kind == schema::Kind::DATA && source_context.field == "block";
    }

    std::optional<Value> Make(const SourceContext& source_context, Builder& builder, base::Rng& rng) const override
    {
        // Guesses, unmeasured: a template's, our own, empty, nothing but a header, anything.
        static constexpr std::array<uint32_t, 5> WEIGHTS{45, 42, 3, 5, 5};
        switch (rng.Weighted(WEIGHTS)) {
        case 0: {
            auto block{TemplateBlock(source_context, builder, rng)};
            if (block) return block;
            return program::Blob{OwnBlock(rng)};
        }
        case 1: return program::Blob{OwnBlock(rng)};
        case 2: return program::Blob{};
        case 3: return program::Blob{Serialize(MakeChainBlock(1).header)};
        default: return std::nullopt;
        }
    }
};

} // namespace

std::unique_ptr<const domain::ValueSource> MakeBlockSource() { return std::make_unique<BlockSource>(); }

} // namespace mpfuzz::domains::bitcoin
