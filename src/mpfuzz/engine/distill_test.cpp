#include <mpfuzz/engine/distill.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpfuzz::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CorpusEntry Entry(std::string text, std::vector<uint32_t> features)
{
    return {"", std::move(text), std::move(features)};
}

TEST(CoveringSet, LeavesOutEntriesThatAddNothing)
{
    EXPECT_THAT(CoveringSet({Entry("a", {1, 2}), Entry("b", {1, 2, 3}), Entry("c", {3})}), ElementsAre(1));
}

TEST(CoveringSet, CoversAllFeatures)
{
    EXPECT_THAT(CoveringSet({Entry("a", {1, 2, 3}), Entry("b", {3, 4}), Entry("c", {5})}), ElementsAre(0, 1, 2));
}

TEST(CoveringSet, PrefersTheShorterOfEquallyGoodEntriesAndThenTheEarlier)
{
    EXPECT_THAT(CoveringSet({Entry("longer", {1}), Entry("short", {1})}), ElementsAre(1));
    EXPECT_THAT(CoveringSet({Entry("same", {1}), Entry("same", {1})}), ElementsAre(0));
}

TEST(CoveringSet, CountsOnlyFeaturesThatAreNotYetCovered)
{
    // The second has more features than the third, but after the first fewer new ones.
    EXPECT_THAT(CoveringSet({Entry("a", {1, 2, 3, 4, 5}), Entry("b", {2, 3, 4, 6}), Entry("c", {7, 8})}),
                ElementsAre(0, 2, 1));
}

TEST(CoveringSet, LeavesOutEntriesWithoutFeatures)
{
    EXPECT_THAT(CoveringSet({Entry("a", {})}), IsEmpty());
    EXPECT_THAT(CoveringSet({}), IsEmpty());
}

} // namespace
} // namespace mpfuzz::engine
