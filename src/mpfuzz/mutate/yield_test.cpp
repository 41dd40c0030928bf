#include <mpfuzz/mutate/yield.h>

#include <mpfuzz/mutate/mutators.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace mpfuzz::mutate {
namespace {

//! Each mutator applied so often; those named paid each `paid` times.
Yields Campaign(uint64_t applied, const std::vector<size_t>& paying, uint64_t paid)
{
    Yields yields{NoYields()};
    for (size_t id{0}; id < Mutators().size(); ++id) {
        for (uint64_t i{0}; i < applied; ++i) yields.Tried(id, true);
    }
    for (uint64_t i{0}; i < paid; ++i) yields.Paid(paying);
    return yields;
}

TEST(Mutators, HaveDistinctNamesAndWeights)
{
    std::set<std::string_view> names;
    for (const Mutator& mutator : Mutators()) {
        EXPECT_TRUE(names.insert(mutator.name).second) << mutator.name;
        EXPECT_GT(mutator.weight, 0U);
        EXPECT_EQ(Mutators()[MutatorId(mutator.name)].name, mutator.name);
    }
    EXPECT_EXIT(MutatorId("no such"), testing::ExitedWithCode(base::EXIT_OWN_BUG), "no such");
}

TEST(Yields, LeaveTheBaseWeightsWithoutEvidence)
{
    const auto fresh{NoYields().Weights()};
    const auto unpaid{Campaign(1'000, {}, 0).Weights()};
    for (size_t id{0}; id < Mutators().size(); ++id) {
        EXPECT_EQ(fresh[id] * Mutators()[0].weight, fresh[0] * Mutators()[id].weight);
    }
    EXPECT_EQ(fresh, unpaid);
}

TEST(Yields, RaiseWhatPaysAndLowerWhatDoesNotWithinBounds)
{
    const auto base{NoYields().Weights()};
    const auto weights{Campaign(10'000, {3}, 5'000).Weights()};
    for (size_t id{0}; id < weights.size(); ++id) {
        EXPECT_EQ(weights[id], id == 3 ? 4 * base[id] : base[id] / 4) << id;
    }
}

TEST(Yields, FollowTheRule)
{
    // Σ applied = 100 × n, Σ paid = 20: the average is 20 / 100n, and each was expected to pay 20 / n times.
    const auto n{static_cast<double>(Mutators().size())};
    const auto base{NoYields().Weights()};
    const auto weights{Campaign(100, {0}, 20).Weights()};
    EXPECT_NEAR(weights[0], base[0] * (20 + 10) / (20 / n + 10), base[0] / 100.0);
    EXPECT_NEAR(weights[1], base[1] * 10 / (20 / n + 10), base[1] / 100.0);
}

TEST(Yields, ForgetWhatPaidLongAgo)
{
    Yields yields{Campaign(10'000, {3}, 200)};
    const auto before{yields.Weights()};
    for (uint64_t round{0}; round < 2 * Yields::RECENT; ++round) {
        yields.Tried(round % 2, true);
        if (round % 1'000 == 0) yields.Paid(std::array<size_t, 1>{0});
    }
    const auto after{yields.Weights()};
    EXPECT_LT(after[3], before[3]);
    EXPECT_GT(after[0], before[0]);
    EXPECT_EQ(yields.counts[3].paid, 200U);
}

TEST(Yields, PrintAsATableWithTheBestFirst)
{
    Yields yields{NoYields()};
    yields.Tried(2, false);
    yields.Tried(2, true);
    yields.Paid(std::array<size_t, 1>{2});
    const std::string table{YieldTable(yields)};
    EXPECT_TRUE(table.starts_with("mutator                   weight       tried     applied        paid\n"
                                  "duplicate-step                30           2           1           1\n"))
        << table;
    EXPECT_EQ(std::ranges::count(table, '\n'), static_cast<std::ptrdiff_t>(Mutators().size() + 1));
}

} // namespace
} // namespace mpfuzz::mutate
