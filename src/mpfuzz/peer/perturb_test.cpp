#include <mpfuzz/peer/perturb.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace mpfuzz::peer {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

size_t Sum(const Passage& passage) { return std::accumulate(passage.pieces.begin(), passage.pieces.end(), size_t{0}); }

TEST(PlanPassage, WithoutPerturbationsIsTheMessageAtOnce)
{
    base::Rng rng{1};
    const Passage passage{PlanPassage({}, 1'000, rng)};
    EXPECT_THAT(passage.pieces, ElementsAre(1'000));
    EXPECT_EQ(passage.hold.count(), 0);
    EXPECT_FALSE(passage.cut);
}

TEST(PlanPassage, SplittingLosesNothing)
{
    base::Rng rng{1};
    for (const size_t size : {size_t{1}, size_t{2}, size_t{100}, size_t{1} << 20}) {
        const Passage passage{PlanPassage({Perturbation::SPLIT}, size, rng)};
        EXPECT_EQ(Sum(passage), size);
        EXPECT_GE(passage.pieces.size(), std::min<size_t>(size / 7, 20)) << size;
        EXPECT_LE(passage.pieces.size(), 200U) << size;
    }
}

TEST(PlanPassage, EachKindStrikesSomeMessagesAndDroppingCutsInTheMiddle)
{
    base::Rng rng{1};
    int held{0};
    int cut{0};
    constexpr int TRIES{1'000};
    for (int i{0}; i < TRIES; ++i) {
        const Passage passage{PlanPassage({Perturbation::DELAY, Perturbation::DROP}, 100, rng)};
        held += passage.hold.count() > 0 ? 1 : 0;
        cut += passage.cut ? 1 : 0;
        EXPECT_EQ(passage.cut, Sum(passage) < 100U);
        EXPECT_GT(Sum(passage), 0U);
    }
    EXPECT_GT(held, TRIES / 10);
    EXPECT_LT(held, TRIES / 2);
    EXPECT_GT(cut, TRIES / 100);
    EXPECT_LT(cut, TRIES / 10);
}

} // namespace
} // namespace mpfuzz::peer
