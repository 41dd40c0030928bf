#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/interface/transform.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

namespace mpfuzz::fuzz_interface {
namespace {

using domains::bitcoin::Transaction;

constexpr auto MIN32{std::numeric_limits<int32_t>::min()};
constexpr auto MAX32{std::numeric_limits<int32_t>::max()};
constexpr auto MIN64{std::numeric_limits<int64_t>::min()};
constexpr auto MAX64{std::numeric_limits<int64_t>::max()};

TEST(Transform, NumbersWrapAround)
{
    EXPECT_EQ(AddInt32(MAX32), MIN32);
    EXPECT_EQ(AddOnLoop(-1), 0);
    EXPECT_EQ(RotateInt64(int64_t{1} << 51), 1);
    EXPECT_EQ(RotateInt64(1), 8192);
    EXPECT_EQ(InvertUInt64(0), UINT64_MAX);
    EXPECT_EQ(BumpFeeRate({MAX64}).sat_per_kvb, MIN64);
    EXPECT_EQ(NegateDuration(std::chrono::milliseconds{MIN64}).count(), MIN64);
    EXPECT_EQ(RotateSeconds(std::chrono::seconds{1}).count(), 8192);
    EXPECT_EQ(InvertTime(TimePoint{}).time_since_epoch().count(), -1);
    EXPECT_EQ(Recurse(MAX32, 2), MIN32 + 2);
}

TEST(Transform, NegateChangesNothingButTheSignBit)
{
    EXPECT_TRUE(Identical(Negate(0.0), -0.0));
    EXPECT_FALSE(Identical(Negate(0.0), 0.0));
    const auto nan{std::bit_cast<double>(uint64_t{0x7ff0000000000123})};
    EXPECT_EQ(std::bit_cast<uint64_t>(Negate(nan)), 0xfff0000000000123);
}

TEST(Transform, TheColourAfterTheLastIsTheFirst)
{
    EXPECT_EQ(NextColour(Colour::RED), Colour::GREEN);
    EXPECT_EQ(NextColour(Colour::BLUE), Colour::RED);
    EXPECT_THROW(NextColour(static_cast<Colour>(3)), std::runtime_error);
}

TEST(Transform, AbsentValuesStayAbsent)
{
    EXPECT_EQ(MaybeAdd(std::nullopt), std::nullopt);
    EXPECT_EQ(MaybeReverseText(""), "");
    EXPECT_EQ(MaybeReverseText(std::nullopt), std::nullopt);
    EXPECT_EQ(MaybeNot(false), true);
    EXPECT_EQ(BumpTransaction(nullptr), nullptr);
    EXPECT_EQ(ReverseTransactions({nullptr, std::make_shared<const Transaction>()}).back(), nullptr);
}

TEST(Transform, EveryPartOfAContainerChanges)
{
    EXPECT_EQ(ReverseText("ab\0c"), "ba");
    EXPECT_EQ(ReverseLists({{1, 2}, {}, {3}}), (std::vector<std::vector<int32_t>>{{3}, {}, {2, 1}}));
    EXPECT_EQ(NegateSet({MIN32, 0, 5}), (std::set<int32_t>{MIN32, -5, 0}));
    EXPECT_EQ(ReverseEach({"ab", ""}), (std::unordered_set<std::string>{"ba", ""}));
    EXPECT_EQ(ChangePair({MAX32, "ab"}), (std::pair<int32_t, std::string>{MIN32, "ba"}));
    EXPECT_EQ(ChangeTuple({1, {1, 2}}), (std::tuple<uint64_t, Bytes>{UINT64_MAX - 1, {2, 1}}));
    EXPECT_EQ(NotEach({true, false}), (std::vector<bool>{false, true}));
    const std::map<std::string, std::vector<FeeRate>> fees{{"ab", {{1}, {2}}}, {"b", {}}};
    EXPECT_EQ(ReverseFees(fees), (std::map<std::string, std::vector<FeeRate>>{{"b", {}}, {"ba", {{2}, {1}}}}));
}

TEST(Transform, SettingsAreSwapped)
{
    const Settings settings{.forced = {{"a", ParseJson("1")}},
                            .command_line = {{"b", {ParseJson("2"), ParseJson("[]")}}, {"c", {}}}};
    const Settings swapped{.forced = {{"b", ParseJson("[2, []]")}, {"c", ParseJson("[]")}},
                           .command_line = {{"a", {ParseJson("1")}}}};
    EXPECT_EQ(SwapSettings(settings), swapped);
    EXPECT_EQ(WrapJson(ParseJson("[1]")), ParseJson(R"({"was": [1]})"));
}

TEST(Transform, MixedFillsEachDirection)
{
    std::string in_out{"ab"};
    Bytes out{9};
    EXPECT_EQ(Mixed(MIN32, in_out, out), int64_t{1} << 31);
    EXPECT_EQ(in_out, "ba");
    EXPECT_EQ(out, (Bytes{'a', 'b'}));
}

TEST(Transform, AVisitDependsOnIdHistoryAndToken)
{
    const uint64_t visit{NextVisit(1, 2, 3)};
    EXPECT_NE(visit, NextVisit(2, 2, 3));
    EXPECT_NE(visit, NextVisit(1, 3, 2));
    EXPECT_NE(visit, NextVisit(1, 2, 4));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
