#include <domains/bitcoin/block.h>
#include <domains/bitcoin/domain.h>
#include <domains/multiprocess/domain.h>
#include <domains/multiprocess/model_node_schema.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/validate.h>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <set>

namespace mpfuzz::domains::bitcoin {
namespace {

using program::Call;
using program::Program;
using program::Value;

class BitcoinTest : public testing::Test
{
protected:
    static void SetUpTestSuite()
    {
        s_schema = multiprocess::ModelNodeSchema();
        s_programs = Generate(1, 1500);
    }

    //! Generates programs for the model node's schema with both domains.
    static std::vector<Program> Generate(uint64_t seed, size_t count)
    {
        std::vector<domain::Domain> domains;
        domains.push_back(multiprocess::MakeDomain());
        domains.push_back(MakeDomain());
        program::TargetRules rules;
        rules.main_interface = *s_schema->FindInterface("Init");
        rules.may_block = s_schema->MatchMethods("*.wait*");
        generate::Generator generator{*s_schema, rules, domains};
        base::Rng rng{seed};
        std::vector<Program> programs;
        for (size_t i{0}; i < count; ++i) programs.push_back(generator.Generate(rng));
        return programs;
    }

    //! Visits one argument of every call of a method.
    void ForEach(std::string_view method, std::string_view field,
                 const std::function<void(const Program&, const Call&, const Value&)>& visit) const
    {
        for (const Program& program : s_programs) {
            for (const program::Step& step : program.steps) {
                const auto* call{std::get_if<Call>(&step)};
                if (!call || s_schema->MethodName(call->method) != method) continue;
                const schema::Struct& params{s_schema->GetStruct(s_schema->GetMethod(call->method).params)};
                const Value* value{call->arguments.Find(*params.FindField(field))};
                if (value) visit(program, *call, *value);
            }
        }
    }
    std::string SourceMethod(const Program& program, const program::DataRef& data) const
    {
        return s_schema->MethodName(std::get<Call>(program.steps[data.step]).method);
    }

    static inline std::shared_ptr<const schema::Schema> s_schema;
    static inline std::vector<Program> s_programs;
};

TEST_F(BitcoinTest, ProgramsAreValidAndParseAsTheSameAfterPrinting)
{
    for (const Program& program : s_programs) {
        const auto valid{program::Validate(*s_schema, program)};
        ASSERT_TRUE(valid) << valid.GetError().message;
        const auto parsed{program::Parse(*s_schema, program::Print(*s_schema, program))};
        ASSERT_TRUE(parsed) << parsed.GetError().message;
        EXPECT_EQ(*parsed, program);
    }
}

TEST_F(BitcoinTest, SameSeedGivesTheSameText)
{
    const auto again{Generate(1, 100)};
    for (size_t i{0}; i < again.size(); ++i) {
        EXPECT_EQ(program::Print(*s_schema, again[i]), program::Print(*s_schema, s_programs[i]));
    }
}

TEST_F(BitcoinTest, EveryMethodOfTheModelNodeIsCalled)
{
    std::map<schema::MethodRef, size_t> calls;
    for (const Program& program : s_programs) {
        for (const program::Step& step : program.steps) {
            if (const auto* call = std::get_if<Call>(&step)) ++calls[call->method];
        }
    }
    for (const schema::MethodRef method : s_schema->MatchMethods("*")) {
        EXPECT_GE(calls[method], 10U) << s_schema->MethodName(method);
    }
}

TEST_F(BitcoinTest, HashesAreTheTipsOrTheGenesisBlocksOrWrong)
{
    bool tip{false}, genesis{false}, wrong_length{false};
    ForEach("Mining.waitTipChanged", "currentTip", [&](const Program& program, const Call&, const Value& value) {
        if (const auto* data = value.As<program::DataRef>()) tip |= SourceMethod(program, *data) == "Mining.getTip";
        if (const auto* blob = value.As<program::Blob>()) {
            genesis |= blob->bytes == Hash(RegtestGenesis());
            wrong_length |= blob->bytes.size() != 32;
        }
    });
    EXPECT_TRUE(tip && genesis && wrong_length);
}

TEST_F(BitcoinTest, BlocksComeFromTemplatesOrAreOurOwn)
{
    bool whole{false}, nonce{false}, first{false}, empty{false};
    ForEach("Mining.submitBlock", "block", [&](const Program& program, const Call&, const Value& value) {
        if (const auto* data = value.As<program::DataRef>()) {
            const bool is_block{SourceMethod(program, *data) == "BlockTemplate.getBlock"};
            whole |= is_block && data->edits.empty();
            for (const auto& edit : data->edits) nonce |= is_block && edit.number == NONCE_OFFSET;
        }
        if (const auto* blob = value.As<program::Blob>()) {
            first |= blob->bytes == Serialize(MakeChainBlock(1));
            empty |= blob->bytes.empty();
        }
    });
    EXPECT_TRUE(whole && nonce && first && empty);
}

TEST_F(BitcoinTest, CoinbasesAreBuiltAroundThePrefixOfTheirTemplate)
{
    size_t built{0}, fit{0};
    ForEach("BlockTemplate.submitSolution", "coinbase",
            [&](const Program& program, const Call& call, const Value& value) {
                const auto* data{value.As<program::DataRef>()};
                if (!data || SourceMethod(program, *data) != "BlockTemplate.getCoinbaseTx" || data->edits.size() != 2)
                    return;
                if (data->edits[0].kind != program::Edit::Kind::PREPEND) return;
                ++built;
                EXPECT_EQ(std::get<Call>(program.steps[data->step]).target, call.target);
                // Assume height 1. If the guessed length is right, a sequence number follows the script.
                const std::string bytes{program::ApplyEdits(HeightScript(1), data->edits)};
                const size_t script_bytes{static_cast<uint8_t>(bytes.at(41))};
                fit += bytes.substr(42 + script_bytes, 4) == "\xff\xff\xff\xff" &&
                       bytes.size() == 42 + script_bytes + 4 + 1 + 10 + 4;
            });
    EXPECT_GT(built, 20U);
    EXPECT_GT(fit, built / 3);
}

TEST_F(BitcoinTest, TimeoutsAreMostlyShortOftenLongAndSometimesUnusual)
{
    size_t total{0}, tiny{0}, outlasting{0}, nan{0}, infinite{0}, negative{0};
    ForEach("Mining.waitTipChanged", "timeout", [&](const Program&, const Call&, const Value& value) {
        const auto* number{value.As<program::Float>()};
        if (!number) return;
        const double timeout_ms{std::bit_cast<double>(number->bits)};
        ++total;
        tiny += timeout_ms >= 0 && timeout_ms <= 20;
        outlasting += timeout_ms >= 10'000;
        nan += std::isnan(timeout_ms);
        infinite += std::isinf(timeout_ms);
        negative += timeout_ms < 0;
    });
    EXPECT_GT(tiny * 100, total * 55);
    EXPECT_GT(outlasting * 100, total * 15);
    EXPECT_GT(nan, 0U);
    EXPECT_GT(infinite, 0U);
    EXPECT_GT(negative, 0U);
}

TEST_F(BitcoinTest, NumbersReachAndExceedTheirLimits)
{
    std::set<uint64_t> weights;
    ForEach("Mining.createNewBlock", "options", [&](const Program&, const Call&, const Value& value) {
        const auto* options{value.As<program::StructValue>()};
        const auto field{
            s_schema->GetStruct(*s_schema->FindStruct("BlockCreateOptions")).FindField("blockReservedWeight")};
        const Value* weight{options ? options->Find(*field) : nullptr};
        if (weight && weight->As<uint64_t>()) weights.insert(*weight->As<uint64_t>());
    });
    for (const uint64_t wanted : {0, 1999, 2000, 8000, 4'000'000, 4'000'001})
        EXPECT_TRUE(weights.contains(wanted)) << wanted;
}

TEST_F(BitcoinTest, RequestsAreMostlyJson)
{
    size_t total{0}, objects{0};
    ForEach("Rpc.executeRpc", "request", [&](const Program&, const Call&, const Value& value) {
        const auto* text{value.As<program::Blob>()};
        ++total;
        objects += text && text->bytes.starts_with("{") && text->bytes.ends_with("}");
    });
    EXPECT_GT(total, 50U);
    EXPECT_GT(objects * 100, total * 60);
}

} // namespace
} // namespace mpfuzz::domains::bitcoin
