#include <domains/bitcoin/block.h>
#include <domains/bitcoin/serialize.h>
#include <domains/bitcoin/sources.h>

#include <algorithm>
#include <array>

namespace mpfuzz::domains::bitcoin {

using domain::Builder;
using domain::SourceContext;
using program::Edit;
using program::Value;

namespace {

// All weights and percentages in this file are guesses, unmeasured.

std::optional<schema::MethodRef> FindMethod(const schema::Schema& schema, std::string_view name)
{
    for (uint32_t interface{0}; interface < schema.Interfaces().size(); ++interface) {
        if (const auto method{schema.FindMethod(interface, name)}) return method;
    }
    return std::nullopt;
}

//! Returns the Data fields called `field` in answers of earlier calls of methods called `method`. The latest is last.
std::vector<program::DataRef> DataOf(const Builder& builder, const SourceContext& context, std::string_view method,
                                     std::string_view field)
{
    std::vector<program::DataRef> answers{builder.Answers({schema::Kind::DATA, 0}, {field}, context.target.step)};
    std::erase_if(answers, [&](const program::DataRef& answer) {
        const auto& call{std::get<program::Call>(builder.GetProgram().steps[answer.step])};
        return context.schema.GetMethod(call.method).name != method;
    });
    return answers;
}

//! Adds a call of the first method with that name, on an object of the same connection. Returns false if that is
//! impossible.
bool CallNamed(Builder& builder, const SourceContext& context, std::string_view method)
{
    const auto found{FindMethod(context.schema, method)};
    if (!found || builder.Full()) return false;
    const auto target{builder.Obtain(found->interface, context.target.step)};
    return target && builder.AddCall(*found, *target);
}

constexpr std::array<std::string_view, 6> HASH_FIELDS{"currentTip", "hash", "txid", "wtxid", "txids", "wtxids"};

std::string RandomHash(base::Rng& rng, size_t length)
{
    std::string bytes(length, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng.Below(256));
    return bytes;
}

//! A hash from an earlier answer. In most cases it is unchanged.
std::optional<Value> EarlierHash(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    const std::vector<std::string_view> fields{HASH_FIELDS.begin(), HASH_FIELDS.end()};
    std::vector<program::DataRef> answers{builder.Answers(context.type, fields, context.target.step)};
    if (answers.empty() && rng.OneIn(3) && CallNamed(builder, context, "getTip")) {
        answers = builder.Answers(context.type, fields, context.target.step);
    }
    if (answers.empty()) return std::nullopt;
    program::DataRef chosen{rng.OneIn(2) ? answers.back() : rng.Pick(answers)};
    if (rng.OneIn(10)) chosen.edits.push_back({program::Edit::Kind::FLIP, rng.Below(256), {}});
    return chosen;
}

Edit Put(uint64_t offset, uint64_t number)
{
    std::string bytes;
    AppendInteger(bytes, static_cast<uint32_t>(number));
    return {Edit::Kind::PUT, offset, std::move(bytes)};
}

//! A change to a serialised block. A server can still parse part of the changed block.
Edit EditBlock(base::Rng& rng)
{
    // Change the nonce, time or version; cut the block off; flip one bit; append bytes.
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

std::optional<Value> TemplateBlock(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    std::vector<program::DataRef> blocks{DataOf(builder, context, "getBlock", "result")};
    if (blocks.empty() && CallNamed(builder, context, "getBlock"))
        blocks = DataOf(builder, context, "getBlock", "result");
    if (blocks.empty()) return std::nullopt;
    program::DataRef chosen{rng.OneIn(2) ? blocks.back() : rng.Pick(blocks)};
    while (chosen.edits.size() < 3 && rng.Percent(60)) chosen.edits.push_back(EditBlock(rng));
    return chosen;
}

//! A block of our own chain. It has one fault or none.
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
    default: return block; // without a fault
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

//! Bytes after the height in a coinbase's script: pool tag and extra nonce. There is at least one, because a script of
//! one byte is invalid.
std::string Extra(base::Rng& rng)
{
    if (rng.OneIn(2)) return std::string(1, '\0');
    std::string extra(1 + rng.SkewedLength(20), '/');
    extra.back() = static_cast<char>(rng.Below(256));
    return extra;
}

int64_t RewardSat(base::Rng& rng)
{
    // One case in twelve pays more than any regtest block may pay.
    static constexpr std::array<int64_t, 5> REWARDS_SAT{0, 1, 600'000'000, 2'500'000'000, REGTEST_SUBSIDY_SAT};
    return rng.OneIn(12) ? REGTEST_SUBSIDY_SAT + 1 : rng.Pick(REWARDS_SAT);
}

//! A coinbase transaction around the script prefix from the template. The length of the prefix is not known yet, but
//! the transaction must contain the length of the script. So it is guessed.
std::optional<Value> AroundPrefix(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    // The length of the prefix for heights up to 16, 127, 32767.
    static constexpr std::array<uint32_t, 3> PREFIX_BYTES_WEIGHTS{60, 30, 10};
    const auto of_this_template{[&] {
        std::vector<program::DataRef> prefixes{DataOf(builder, context, "getCoinbaseTx", "scriptSigPrefix")};
        std::erase_if(prefixes, [&](const program::DataRef& ref) {
            return std::get<program::Call>(builder.GetProgram().steps[ref.step]).target != context.target;
        });
        return prefixes;
    }};
    std::vector<program::DataRef> prefixes{of_this_template()};
    const auto method{context.schema.FindMethod(context.method.interface, "getCoinbaseTx")};
    if (prefixes.empty() && method && builder.AddCall(*method, context.target)) prefixes = of_this_template();
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

//! A transaction that is not a coinbase, or bytes that are not a transaction.
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

} // namespace

bool FitsHash(const SourceContext& context)
{
    return context.type.kind == schema::Kind::DATA && std::ranges::count(HASH_FIELDS, context.field) > 0;
}

std::optional<Value> MakeHashValue(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    // A hash from an earlier answer, of the genesis block, of its transaction, of our own block; zeros, random, wrong
    // length.
    static constexpr std::array<uint32_t, 7> WEIGHTS{45, 12, 12, 8, 6, 9, 8};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: return EarlierHash(context, builder, rng);
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

bool FitsBlock(const SourceContext& context)
{
    return context.type.kind == schema::Kind::DATA && context.field == "block";
}

std::optional<Value> MakeBlockValue(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    // A template's block, our own block, no bytes, only a header, any bytes.
    static constexpr std::array<uint32_t, 5> WEIGHTS{45, 42, 3, 5, 5};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: {
        auto block{TemplateBlock(context, builder, rng)};
        if (block) return block;
        return program::Blob{OwnBlock(rng)};
    }
    case 1: return program::Blob{OwnBlock(rng)};
    case 2: return program::Blob{};
    case 3: return program::Blob{Serialize(MakeChainBlock(1).header)};
    default: return std::nullopt;
    }
}

bool FitsCoinbase(const SourceContext& context)
{
    return context.type.kind == schema::Kind::DATA && context.field == "coinbase";
}

std::optional<Value> MakeCoinbaseValue(const SourceContext& context, Builder& builder, base::Rng& rng)
{
    // A coinbase for this template, another well-formed one, a malformed one, any bytes.
    static constexpr std::array<uint32_t, 4> WEIGHTS{50, 27, 18, 5};
    switch (rng.Weighted(WEIGHTS)) {
    case 0: {
        auto coinbase{AroundPrefix(context, builder, rng)};
        if (coinbase) return coinbase;
        [[fallthrough]];
    }
    case 1: return program::Blob{Serialize(OwnCoinbase(rng), /*with_witness=*/true)};
    case 2: return program::Blob{NotACoinbase(rng)};
    default: return std::nullopt;
    }
}

} // namespace mpfuzz::domains::bitcoin
