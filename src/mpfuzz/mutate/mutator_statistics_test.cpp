#include <mpfuzz/mutate/mutator_statistics.h>

#include <mpfuzz/mutate/mutators.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace mpfuzz::mutate {
namespace {

//! Statistics after each mutator was applied `applied` times, and each of `mutators` was productive `productive` times.
MutatorStatistics Campaign(uint64_t applied, const std::vector<size_t>& mutators, uint64_t productive)
{
    MutatorStatistics statistics{NewMutatorStatistics()};
    for (size_t id{0}; id < Mutators().size(); ++id) {
        for (uint64_t i{0}; i < applied; ++i) statistics.Tried(id, true);
    }
    for (uint64_t i{0}; i < productive; ++i) statistics.BroughtFeatures(mutators);
    return statistics;
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

TEST(MutatorStatistics, KeepTheBaseWeightsWithoutEvidence)
{
    const auto initial{NewMutatorStatistics().Weights()};
    const auto unproductive{Campaign(1'000, {}, 0).Weights()};
    for (size_t id{0}; id < Mutators().size(); ++id) {
        EXPECT_EQ(initial[id] * Mutators()[0].weight, initial[0] * Mutators()[id].weight);
    }
    EXPECT_EQ(initial, unproductive);
}

TEST(MutatorStatistics, RaiseProductiveMutatorsAndLowerOthersWithinBounds)
{
    const auto base{NewMutatorStatistics().Weights()};
    const auto weights{Campaign(10'000, {3}, 5'000).Weights()};
    for (size_t id{0}; id < weights.size(); ++id) {
        EXPECT_EQ(weights[id], id == 3 ? 4 * base[id] : base[id] / 4) << id;
    }
}

TEST(MutatorStatistics, FollowTheFormula)
{
    // Σ applied = 100 × n and Σ productive = 20, so the average is 20 / 100n: an average mutator would have been
    // productive 20 / n times.
    const auto n{static_cast<double>(Mutators().size())};
    const auto base{NewMutatorStatistics().Weights()};
    const auto weights{Campaign(100, {0}, 20).Weights()};
    EXPECT_NEAR(weights[0], base[0] * (20 + 10) / (20 / n + 10), base[0] / 100.0);
    EXPECT_NEAR(weights[1], base[1] * 10 / (20 / n + 10), base[1] / 100.0);
}

TEST(MutatorStatistics, ForgetOldSuccesses)
{
    MutatorStatistics statistics{Campaign(10'000, {3}, 200)};
    const auto before{statistics.Weights()};
    for (uint64_t round{0}; round < 2 * MutatorStatistics::RECENT; ++round) {
        statistics.Tried(round % 2, true);
        if (round % 1'000 == 0) statistics.BroughtFeatures(std::array<size_t, 1>{0});
    }
    const auto after{statistics.Weights()};
    EXPECT_LT(after[3], before[3]);
    EXPECT_GT(after[0], before[0]);
    EXPECT_EQ(statistics.counts[3].productive, 200U);
}

TEST(MutatorStatistics, PrintAsATableWithTheBestFirst)
{
    MutatorStatistics statistics{NewMutatorStatistics()};
    statistics.Tried(2, false);
    statistics.Tried(2, true);
    statistics.BroughtFeatures(std::array<size_t, 1>{2});
    const std::string table{MutatorTable(statistics)};
    EXPECT_TRUE(table.starts_with("mutator                   weight       tried     applied  productive\n"
                                  "duplicate-step                30           2           1           1\n"))
        << table;
    EXPECT_EQ(std::ranges::count(table, '\n'), static_cast<std::ptrdiff_t>(Mutators().size() + 1));
}

} // namespace
} // namespace mpfuzz::mutate
