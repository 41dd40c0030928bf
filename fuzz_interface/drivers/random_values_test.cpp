#include <fuzz_interface/drivers/compare.h>
#include <fuzz_interface/drivers/random_values.h>

#include <domains/bitcoin/parse.h>
#include <domains/bitcoin/transaction.h>

#include <mpfuzz/base/rng.h>

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

//! Returns whether at least one of `tries` random values satisfies a condition.
template<typename T, typename Condition>
bool Reaches(const Condition& condition, int tries = 20'000)
{
    base::Rng rng{1};
    Choices choices{rng};
    for (int i{0}; i < tries; ++i) {
        if (condition(Random<T>(choices))) return true;
    }
    return false;
}

TEST(RandomValues, ReachTheLimitsOfNumbers)
{
    EXPECT_TRUE(Reaches<int32_t>([](int32_t value) { return value == INT32_MIN; }));
    EXPECT_TRUE(Reaches<int64_t>([](int64_t value) { return value == INT64_MAX; }));
    EXPECT_TRUE(Reaches<uint64_t>([](uint64_t value) { return value == UINT64_MAX; }));
    EXPECT_TRUE(Reaches<double>([](double value) { return Identical(value, -0.0); }));
    EXPECT_TRUE(Reaches<double>([](double value) { return std::isinf(value); }));
    EXPECT_TRUE(Reaches<double>([](double value) { return std::fpclassify(value) == FP_SUBNORMAL; }));
    EXPECT_TRUE(Reaches<double>([](double value) { return std::isnan(value) && std::signbit(value); }));
    EXPECT_TRUE(Reaches<Colour>([](Colour value) { return static_cast<int>(value) >= COLOURS; }));
}

TEST(RandomValues, ReachTextOfEveryKind)
{
    EXPECT_TRUE(Reaches<std::string>([](const std::string& value) { return value.empty(); }));
    EXPECT_TRUE(Reaches<std::string>([](const std::string& value) { return value.size() > 65'536; }));
    EXPECT_TRUE(Reaches<std::string>([](const std::string& value) { return value.find('\0') != std::string::npos; }));
    EXPECT_TRUE(Reaches<Script>([](const Script& value) { return value.bytes.size() == 65'536; }));
    EXPECT_TRUE(Reaches<Script>([](const Script& value) { return value.bytes.size() == 253; }));
}

TEST(RandomValues, ReachMapKeysThatArePrefixesOfOthers)
{
    const auto is_prefix{[](const std::map<std::string, std::vector<FeeRate>>& value) {
        return std::ranges::adjacent_find(value, [](const auto& a, const auto& b) {
                   return !a.first.empty() && b.first.starts_with(a.first);
               }) != value.end();
    }};
    EXPECT_TRUE((Reaches<std::map<std::string, std::vector<FeeRate>>>(is_prefix)));
}

TEST(RandomValues, TransactionsParseAsTheSame)
{
    base::Rng rng{2};
    Choices choices{rng};
    int nulls{0}, witnesses{0};
    for (int i{0}; i < 2'000; ++i) {
        const auto transaction{Random<TransactionRef>(choices)};
        if (!transaction) {
            ++nulls;
            continue;
        }
        const std::string bytes{domains::bitcoin::Serialize(*transaction, /*with_witness=*/true)};
        const auto parsed{domains::bitcoin::ParseTransaction(bytes)};
        ASSERT_TRUE(parsed && *parsed == *transaction) << Show(transaction);
        witnesses += bytes != domains::bitcoin::Serialize(*transaction, /*with_witness=*/false);
    }
    EXPECT_GT(nulls, 0);
    EXPECT_GT(witnesses, 0);
    EXPECT_LT(witnesses + nulls, 2'000);
}

TEST(RandomValues, JsonParsesAsTheSame)
{
    base::Rng rng{3};
    Choices choices{rng};
    size_t deepest{0}, longest{0};
    for (int i{0}; i < 1'000; ++i) {
        const auto json{Random<Json>(choices)};
        const std::string text{json.Get().dump()};
        const Json parsed{nlohmann::json::parse(text)};
        ASSERT_TRUE(Identical(parsed, json)) << text;
        deepest = std::max(deepest, text.find_first_not_of("[{\"a:"));
        longest = std::max(longest, text.size());
    }
    EXPECT_GT(deepest, 200);
    EXPECT_GT(longest, 5'000);
}

TEST(RandomValues, AreTheSimplestOnesIfThereAreNoBytes)
{
    Choices choices{std::span<const uint8_t>{}};
    EXPECT_EQ(Random<int32_t>(choices), 0);
    EXPECT_EQ(Random<std::string>(choices), "");
    EXPECT_EQ(Random<TransactionRef>(choices), nullptr);
    EXPECT_EQ(Random<Json>(choices).Get(), nullptr);
    EXPECT_EQ(Random<std::vector<bool>>(choices), std::vector<bool>{});
    EXPECT_TRUE(choices.Exhausted());
}

TEST(Choices, AChangedByteChangesOneValue)
{
    std::vector<uint8_t> bytes(64);
    for (size_t i{0}; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(37 * i);
    const auto draw{[&] {
        Choices choices{bytes};
        std::vector<uint64_t> values;
        for (int i{0}; i < 8; ++i) values.push_back(choices.Bits<uint32_t>());
        return values;
    }};
    const auto before{draw()};
    bytes[13] ^= 1;
    auto after{draw()};
    EXPECT_NE(after[3], before[3]);
    after[3] = before[3];
    EXPECT_EQ(after, before);
}

TEST(Choices, StayBelowTheBound)
{
    const std::vector<uint8_t> bytes(1'000, 0xff);
    Choices choices{bytes};
    EXPECT_EQ(choices.Below(1), 0);
    EXPECT_EQ(choices.Below(256), 255);
    EXPECT_LT(choices.Below(1'000), 1'000);
    EXPECT_LE(choices.Length(3), 3);
    EXPECT_EQ(choices.Bytes(2'000).back(), '\0');
    EXPECT_TRUE(choices.Exhausted());
}

} // namespace
} // namespace mpfuzz::fuzz_interface
