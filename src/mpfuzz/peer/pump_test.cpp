#include <mpfuzz/peer/pump.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace mpfuzz::peer {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

size_t Sum(const RelayPlan& plan) { return std::accumulate(plan.pieces.begin(), plan.pieces.end(), size_t{0}); }

TEST(PlanRelay, WithoutPerturbationsSendsTheMessageInOnePiece)
{
    base::Rng rng{1};
    const RelayPlan plan{PlanRelay({}, 1'000, rng)};
    EXPECT_THAT(plan.pieces, ElementsAre(1'000));
    EXPECT_EQ(plan.hold.count(), 0);
    EXPECT_FALSE(plan.cut);
}

TEST(PlanRelay, SplittingLosesNothing)
{
    base::Rng rng{1};
    for (const size_t size : {size_t{1}, size_t{2}, size_t{100}, size_t{1} << 20}) {
        const RelayPlan plan{PlanRelay({Perturbation::SPLIT}, size, rng)};
        EXPECT_EQ(Sum(plan), size);
        EXPECT_GE(plan.pieces.size(), std::min<size_t>(size / 7, 20)) << size;
        EXPECT_LE(plan.pieces.size(), 200U) << size;
    }
}

TEST(PlanRelay, DelaysAndCutsOnlySomeMessagesAndCutsInTheMiddle)
{
    base::Rng rng{1};
    int held{0};
    int cut{0};
    constexpr int TRIES{1'000};
    for (int i{0}; i < TRIES; ++i) {
        const RelayPlan plan{PlanRelay({Perturbation::DELAY, Perturbation::DROP}, 100, rng)};
        held += plan.hold.count() > 0 ? 1 : 0;
        cut += plan.cut ? 1 : 0;
        EXPECT_EQ(plan.cut, Sum(plan) < 100U);
        EXPECT_GT(Sum(plan), 0U);
    }
    EXPECT_GT(held, TRIES / 10);
    EXPECT_LT(held, TRIES / 2);
    EXPECT_GT(cut, TRIES / 100);
    EXPECT_LT(cut, TRIES / 10);
}

} // namespace
} // namespace mpfuzz::peer
