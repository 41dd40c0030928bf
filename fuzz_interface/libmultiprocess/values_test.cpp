#include <fuzz_interface/libmultiprocess/sides_fixture.h>

#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace mpfuzz::fuzz_interface {
namespace {

using domains::bitcoin::Transaction;

Transaction MakeTransaction(uint32_t version)
{
    Transaction transaction{.version = version, .inputs = {{}}, .outputs = {{.value_sat = 7, .script = "a"}, {}}};
    transaction.inputs[0].witness = {"x", "yz"};
    return transaction;
}

using Values = EachWay;

INSTANTIATE_TEST_SUITE_P(OverSockets, Values, testing::Values(&Sides::Connect));
INSTANTIATE_TEST_SUITE_P(OverAListeningSocket, Values, testing::Values(&Sides::ConnectToListener));
INSTANTIATE_TEST_SUITE_P(OverAPipe, Values, testing::Values(&Sides::Pipe));

TEST_P(Values, NumbersComeBackChanged)
{
    constexpr int32_t MAX{std::numeric_limits<int32_t>::max()};
    EXPECT_EQ(m_fuzz->AddOnLoop(MAX), AddOnLoop(MAX));
    int32_t in_out{MAX};
    m_fuzz->AddInt32(in_out);
    EXPECT_EQ(in_out, std::numeric_limits<int32_t>::min());
    EXPECT_EQ(m_fuzz->RotateInt64(int64_t{-1} << 40), RotateInt64(int64_t{-1} << 40));
    EXPECT_EQ(m_fuzz->InvertUInt64(1), ~uint64_t{1});
    EXPECT_FALSE(m_fuzz->Not(true));
    EXPECT_TRUE(std::signbit(m_fuzz->Negate(0.0)));
    const double signalling{std::bit_cast<double>(uint64_t{0x7ff0000000000abc})};
    EXPECT_EQ(std::bit_cast<uint64_t>(m_fuzz->Negate(signalling)), 0xfff0000000000abc);
    EXPECT_EQ(m_fuzz->NextColour(Colour::BLUE), Colour::RED);
}

TEST_P(Values, TextAndBytesComeBackReversed)
{
    const std::string text{"a\0\xff", 3};
    EXPECT_EQ(m_fuzz->ReverseText(text), ReverseText(text));
    EXPECT_EQ(m_fuzz->ReverseText({}), "");
    EXPECT_EQ(m_fuzz->ReverseBytes({1, 0, 2}), (Bytes{2, 0, 1}));
    EXPECT_EQ(m_fuzz->ReverseBytes({}), Bytes{});
}

TEST_P(Values, BitcoinsValuesComeBackChanged)
{
    EXPECT_EQ(m_fuzz->BumpFeeRate({-1}), FeeRate{0});
    const OutPoint point{.txid = std::string(31, 'a') + 'b', .output = 0xffffffff};
    EXPECT_EQ(m_fuzz->NextOutPoint(point), NextOutPoint(point));
    EXPECT_EQ(m_fuzz->ReverseScript({"ab"}), Script{"ba"});
    const auto transaction = std::make_shared<const Transaction>(MakeTransaction(1));
    EXPECT_EQ(*m_fuzz->BumpTransaction(transaction), *BumpTransaction(transaction));
    EXPECT_EQ(m_fuzz->BumpTransaction(nullptr), nullptr);
    const auto reversed = m_fuzz->ReverseTransactions({transaction, nullptr});
    ASSERT_EQ(reversed.size(), 2);
    EXPECT_EQ(reversed[0], nullptr);
    EXPECT_EQ(*reversed[1], *transaction);
}

TEST_P(Values, JsonComesBackWrapped)
{
    const Json value{nlohmann::json::parse(R"({"b": [1, -2, 0.5, null, true, "\u0000ü"], "a": {}})")};
    EXPECT_EQ(m_fuzz->WrapJson(value), WrapJson(value));
    const Settings settings{.forced = {{"a", value}, {"", Json{1}}},
                            .command_line = {{"c", {Json{2}, value}}, {"d", {}}}};
    EXPECT_EQ(m_fuzz->SwapSettings(settings), SwapSettings(settings));
    EXPECT_EQ(m_fuzz->SwapSettings({}), Settings{});
}

TEST_P(Values, ContainersComeBackChanged)
{
    const std::map<std::string, std::vector<FeeRate>> fees{{"ab", {{1}, {2}}}, {"", {}}};
    EXPECT_EQ(m_fuzz->ReverseFees(fees), ReverseFees(fees));
    EXPECT_EQ(m_fuzz->NegateSet({1, -3}), (std::set<int32_t>{-1, 3}));
    EXPECT_EQ(m_fuzz->ReverseEach({"ab", "", "c"}), (std::unordered_set<std::string>{"ba", "", "c"}));
    EXPECT_EQ(m_fuzz->ChangePair({1, "ab"}), (std::pair<int32_t, std::string>{2, "ba"}));
    EXPECT_EQ(m_fuzz->ChangeTuple({1, {1, 2}}), ChangeTuple({1, {1, 2}}));
    EXPECT_EQ(m_fuzz->ReverseLists({{1, 2}, {}, {3}}), (std::vector<std::vector<int32_t>>{{3}, {}, {2, 1}}));
    EXPECT_EQ(m_fuzz->NotEach({true, false, true}), (std::vector<bool>{false, true, false}));
}

TEST_P(Values, WhatIsAbsentIsNotWhatIsEmpty)
{
    EXPECT_EQ(m_fuzz->MaybeAdd(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->MaybeAdd(-1), 0);
    EXPECT_EQ(m_fuzz->MaybeNot(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->MaybeNot(true), false);
    EXPECT_EQ(m_fuzz->MaybeNegate(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->MaybeNegate(0.0), 0.0);
    EXPECT_EQ(m_fuzz->MaybeReverseText(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->MaybeReverseText(""), "");
    EXPECT_EQ(m_fuzz->MaybeReverseBytes(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->MaybeReverseBytes(Bytes{}), Bytes{});
    EXPECT_EQ(m_fuzz->MaybeBump(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->MaybeBump(FeeRate{1}), FeeRate{2});
}

TEST_P(Values, TimesComeBackChanged)
{
    EXPECT_EQ(m_fuzz->NegateDuration(std::chrono::milliseconds{5}), std::chrono::milliseconds{-5});
    const std::chrono::seconds seconds{int64_t{1} << 60};
    EXPECT_EQ(m_fuzz->RotateSeconds(seconds), RotateSeconds(seconds));
    const TimePoint time{std::chrono::microseconds{-7}};
    EXPECT_EQ(m_fuzz->InvertTime(time), InvertTime(time));
}

TEST_P(Values, GoInEachDirectionAtOnce)
{
    std::string in_out{"ab"};
    Bytes out{9};
    EXPECT_EQ(m_fuzz->Mixed(-5, in_out, out), 5);
    EXPECT_EQ(in_out, "ba");
    EXPECT_EQ(out, (Bytes{'a', 'b'}));
}

TEST_P(Values, ThatAreNoneAreAnErrorAndTheServerGoesOn)
{
    EXPECT_THROW(m_fuzz->NextColour(static_cast<Colour>(COLOURS)), std::runtime_error);
    // Without inputs, its bytes are those of the extended form, with more inputs than there are bytes.
    const auto transaction = std::make_shared<const Transaction>(Transaction{.outputs = {{.value_sat = -1}}});
    EXPECT_THROW(m_fuzz->BumpTransaction(transaction), std::runtime_error);
    EXPECT_EQ(m_fuzz->AddOnLoop(1), 2);
}

TEST_P(Values, ErrorsOfEachKindArrive)
{
    try {
        m_fuzz->Raise(RAISE_TYPED, -3, "typed");
        ADD_FAILURE() << "nothing thrown";
    } catch (const FuzzError& error) {
        EXPECT_EQ(error, (FuzzError{.code = -3, .message = "typed"}));
    }
    try {
        m_fuzz->Raise(RAISE_STANDARD, 0, "standard");
        ADD_FAILURE() << "nothing thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "standard");
    }
    EXPECT_THROW(m_fuzz->Raise(RAISE_UNKNOWN, 0, "unknown"), std::runtime_error);
    EXPECT_EQ(m_fuzz->Raise(0, 4, ""), 4);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
