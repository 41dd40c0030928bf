#include <fuzz_interface/libmultiprocess/sides_fixture.h>

#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <map>
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
    EXPECT_EQ(m_fuzz->addOnLoop(MAX), AddOnLoop(MAX));
    int32_t in_out{MAX};
    m_fuzz->addInt32(in_out);
    EXPECT_EQ(in_out, std::numeric_limits<int32_t>::min());
    EXPECT_EQ(m_fuzz->rotateInt64(int64_t{-1} << 40), RotateInt64(int64_t{-1} << 40));
    EXPECT_EQ(m_fuzz->invertUInt64(1), ~uint64_t{1});
    EXPECT_FALSE(m_fuzz->notBool(true));
    EXPECT_TRUE(std::signbit(m_fuzz->negate(0.0)));
    const double signalling{std::bit_cast<double>(uint64_t{0x7ff0000000000abc})};
    EXPECT_EQ(std::bit_cast<uint64_t>(m_fuzz->negate(signalling)), 0xfff0000000000abc);
    EXPECT_EQ(m_fuzz->nextColour(Colour::BLUE), Colour::RED);
}

TEST_P(Values, TextAndBytesComeBackReversed)
{
    const std::string text{"a\0\xff", 3};
    EXPECT_EQ(m_fuzz->reverseText(text), ReverseText(text));
    EXPECT_EQ(m_fuzz->reverseText({}), "");
    EXPECT_EQ(m_fuzz->reverseBytes({1, 0, 2}), (Bytes{2, 0, 1}));
    EXPECT_EQ(m_fuzz->reverseBytes({}), Bytes{});
}

TEST_P(Values, BitcoinsValuesComeBackChanged)
{
    EXPECT_EQ(m_fuzz->bumpFeeRate({-1}), FeeRate{0});
    const OutPoint point{.txid = std::string(31, 'a') + 'b', .output = 0xffffffff};
    EXPECT_EQ(m_fuzz->nextOutPoint(point), NextOutPoint(point));
    EXPECT_EQ(m_fuzz->reverseScript({"ab"}), Script{"ba"});
    const auto transaction = std::make_shared<const Transaction>(MakeTransaction(1));
    EXPECT_EQ(*m_fuzz->bumpTransaction(transaction), *BumpTransaction(transaction));
    EXPECT_EQ(m_fuzz->bumpTransaction(nullptr), nullptr);
    const auto reversed = m_fuzz->reverseTransactions({transaction, nullptr});
    ASSERT_EQ(reversed.size(), 2);
    EXPECT_EQ(reversed[0], nullptr);
    EXPECT_EQ(*reversed[1], *transaction);
}

TEST_P(Values, JsonComesBackWrapped)
{
    const Json value{ParseJson(R"({"b": [1, -2, 0.5, null, true, "\u0000ü"], "a": {}})")};
    EXPECT_EQ(m_fuzz->wrapJson(value), WrapJson(value));
    const Settings settings{.forced = {{"a", value}, {"", Json{1}}},
                            .command_line = {{"c", {Json{2}, value}}, {"d", {}}}};
    EXPECT_EQ(m_fuzz->swapSettings(settings), SwapSettings(settings));
    EXPECT_EQ(m_fuzz->swapSettings({}), Settings{});
}

TEST_P(Values, ContainersComeBackChanged)
{
    const std::map<std::string, std::vector<FeeRate>> fees{{"ab", {{1}, {2}}}, {"", {}}};
    EXPECT_EQ(m_fuzz->reverseFees(fees), ReverseFees(fees));
    EXPECT_EQ(m_fuzz->negateSet({1, -3}), (std::set<int32_t>{-1, 3}));
    EXPECT_EQ(m_fuzz->reverseEach({"ab", "", "c"}), (std::unordered_set<std::string>{"ba", "", "c"}));
    EXPECT_EQ(m_fuzz->changePair({1, "ab"}), (std::pair<int32_t, std::string>{2, "ba"}));
    EXPECT_EQ(m_fuzz->changeTuple({1, {1, 2}}), ChangeTuple({1, {1, 2}}));
    EXPECT_EQ(m_fuzz->reverseLists({{1, 2}, {}, {3}}), (std::vector<std::vector<int32_t>>{{3}, {}, {2, 1}}));
    EXPECT_EQ(m_fuzz->notEach({true, false, true}), (std::vector<bool>{false, true, false}));
}

TEST_P(Values, AbsentAndEmptyAreDifferent)
{
    EXPECT_EQ(m_fuzz->maybeAdd(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->maybeAdd(-1), 0);
    EXPECT_EQ(m_fuzz->maybeNot(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->maybeNot(true), false);
    EXPECT_EQ(m_fuzz->maybeNegate(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->maybeNegate(0.0), 0.0);
    EXPECT_EQ(m_fuzz->maybeReverseText(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->maybeReverseText(""), "");
    EXPECT_EQ(m_fuzz->maybeReverseBytes(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->maybeReverseBytes(Bytes{}), Bytes{});
    EXPECT_EQ(m_fuzz->maybeBump(std::nullopt), std::nullopt);
    EXPECT_EQ(m_fuzz->maybeBump(FeeRate{1}), FeeRate{2});
}

TEST_P(Values, TimesComeBackChanged)
{
    EXPECT_EQ(m_fuzz->negateDuration(std::chrono::milliseconds{5}), std::chrono::milliseconds{-5});
    const std::chrono::seconds seconds{int64_t{1} << 60};
    EXPECT_EQ(m_fuzz->rotateSeconds(seconds), RotateSeconds(seconds));
    const TimePoint time{std::chrono::microseconds{-7}};
    EXPECT_EQ(m_fuzz->invertTime(time), InvertTime(time));
}

TEST_P(Values, PassInEachDirectionInOneCall)
{
    std::string in_out{"ab"};
    Bytes out{9};
    EXPECT_EQ(m_fuzz->mixed(-5, in_out, out), 5);
    EXPECT_EQ(in_out, "ba");
    EXPECT_EQ(out, (Bytes{'a', 'b'}));
}

TEST_P(Values, InvalidOnesAreErrorsAndTheServerContinues)
{
    EXPECT_THROW(m_fuzz->nextColour(static_cast<Colour>(COLOURS)), std::runtime_error);
    // Without inputs, its bytes are those of the extended form, with more inputs than there are bytes.
    const auto transaction = std::make_shared<const Transaction>(Transaction{.outputs = {{.value_sat = -1}}});
    EXPECT_THROW(m_fuzz->bumpTransaction(transaction), std::runtime_error);
    EXPECT_EQ(m_fuzz->addOnLoop(1), 2);
}

TEST_P(Values, ErrorsOfEachKindArrive)
{
    try {
        m_fuzz->raise(RAISE_TYPED, -3, "typed");
        ADD_FAILURE() << "nothing thrown";
    } catch (const FuzzError& error) {
        EXPECT_EQ(error, (FuzzError{.code = -3, .message = "typed"}));
    }
    try {
        m_fuzz->raise(RAISE_STANDARD, 0, "standard");
        ADD_FAILURE() << "nothing thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "standard");
    }
    EXPECT_THROW(m_fuzz->raise(RAISE_UNKNOWN, 0, "unknown"), std::runtime_error);
    EXPECT_EQ(m_fuzz->raise(0, 4, ""), 4);
}

} // namespace
} // namespace mpfuzz::fuzz_interface
