#include <mpfuzz/generate/atoms.h>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <set>

namespace mpfuzz::generate {
namespace {

using base::Rng;
using program::Value;
using schema::Kind;

TEST(MakeInteger, StaysInEveryKindsRangeAndReachesBothEnds)
{
    Rng rng{1};
    for (const Kind kind : {Kind::INT8, Kind::INT16, Kind::INT32, Kind::INT64}) {
        std::set<int64_t> seen;
        for (int i{0}; i < 5000; ++i) seen.insert(*MakeInteger(rng, kind, {}).As<int64_t>());
        EXPECT_EQ(*seen.begin(), schema::MinInteger(kind));
        EXPECT_EQ(*seen.rbegin(), static_cast<int64_t>(schema::MaxInteger(kind)));
        EXPECT_TRUE(seen.contains(0) && seen.contains(1) && seen.contains(-1) && seen.contains(64));
    }
    for (const Kind kind : {Kind::UINT8, Kind::UINT16, Kind::UINT32, Kind::UINT64}) {
        std::set<uint64_t> seen;
        for (int i{0}; i < 5000; ++i) seen.insert(*MakeInteger(rng, kind, {}).As<uint64_t>());
        EXPECT_EQ(*seen.begin(), 0U);
        EXPECT_EQ(*seen.rbegin(), schema::MaxInteger(kind));
        EXPECT_TRUE(seen.contains(1) && seen.contains(127) && seen.contains(16));
    }
}

TEST(MakeInteger, UsesConstantsOnlyIfTheyFit)
{
    Rng rng{2};
    const std::vector<int64_t> constants{424'242};
    bool used{false};
    for (int i{0}; i < 200; ++i) {
        used |= *MakeInteger(rng, Kind::INT32, constants).As<int64_t>() == 424'242;
        EXPECT_LE(*MakeInteger(rng, Kind::INT8, constants).As<int64_t>(), 127);
    }
    EXPECT_TRUE(used);
}

TEST(MakeFloat, ReachesEverySpecialValue)
{
    Rng rng{3};
    std::set<uint64_t> bits;
    bool nan{false}, tiny{false};
    for (int i{0}; i < 20'000; ++i) {
        const double number{std::bit_cast<double>(MakeFloat(rng, Kind::FLOAT64, {}).bits)};
        bits.insert(std::bit_cast<uint64_t>(number));
        nan |= std::isnan(number);
        tiny |= std::fpclassify(number) == FP_SUBNORMAL;
        EXPECT_LE(MakeFloat(rng, Kind::FLOAT32, {}).bits, UINT32_MAX);
    }
    for (const double wanted : {0.0, -0.0, std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::max()}) {
        EXPECT_TRUE(bits.contains(std::bit_cast<uint64_t>(wanted))) << wanted;
    }
    EXPECT_TRUE(nan && tiny);
}

TEST(MakeText, IsPrintableUnlessItMayMisbehave)
{
    Rng rng{4};
    bool nul{false}, broken{false}, empty{false};
    for (int i{0}; i < 2000; ++i) {
        const std::string printable{MakeText(rng, /*may_misbehave=*/false)};
        EXPECT_EQ(printable.find('\0'), std::string::npos);
        EXPECT_EQ(printable.find('\xff'), std::string::npos);
        EXPECT_LE(printable.size(), MAX_BLOB_BYTES);
        empty |= printable.empty();
        const std::string any{MakeText(rng, /*may_misbehave=*/true)};
        nul |= any.find('\0') != std::string::npos;
        broken |= any.find('\xff') != std::string::npos;
    }
    EXPECT_TRUE(nul && broken && empty);
}

TEST(MakeData, ReachesEmptyShortHashAndLong)
{
    Rng rng{5};
    std::set<size_t> sizes;
    for (int i{0}; i < 20'000; ++i) sizes.insert(MakeData(rng).size());
    EXPECT_TRUE(sizes.contains(0) && sizes.contains(1) && sizes.contains(32));
    EXPECT_GT(*sizes.rbegin(), MAX_BLOB_BYTES / 2);
    EXPECT_LE(*sizes.rbegin(), MAX_BLOB_BYTES);
}

TEST(MakeEdits, ReachesEveryKind)
{
    Rng rng{6};
    std::set<program::Edit::Kind> kinds;
    for (int i{0}; i < 200; ++i) {
        for (const program::Edit& edit : MakeEdits(rng)) kinds.insert(edit.kind);
    }
    EXPECT_EQ(kinds.size(), 5U);
}

} // namespace
} // namespace mpfuzz::generate
