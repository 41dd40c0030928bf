#include <mpfuzz/engine/counters.h>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <vector>

namespace mpfuzz::engine {
namespace {

std::vector<uint8_t> With(size_t index, uint8_t count)
{
    std::vector<uint8_t> counters(COUNTERS);
    counters[index] = count;
    return counters;
}

TEST(Counters, EdgesAndOutcomesAreAllCounters)
{
    const Counters counters{TheCounters()};
    EXPECT_EQ(counters.all.size(), COUNTERS);
    EXPECT_EQ(counters.edges.data(), counters.all.data());
    EXPECT_EQ(counters.outcomes.data(), counters.edges.data() + counters.edges.size());
    EXPECT_EQ(counters.edges.size() + counters.outcomes.size(), counters.all.size());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(counters.all.data()) % 4096, 0);
}

TEST(FeatureSet, AFeatureIsNewOnce)
{
    FeatureSet features_seen;
    EXPECT_EQ(features_seen.Take(With(7, 1)).size(), 1);
    EXPECT_EQ(features_seen.Take(With(7, 1)).size(), 0);
    EXPECT_EQ(features_seen.Take(With(8, 1)).size(), 1);
    EXPECT_EQ(features_seen.Take(With(COUNTERS - 1, 1)).size(), 1);
    EXPECT_EQ(features_seen.Take(std::vector<uint8_t>(COUNTERS)).size(), 0);
}

TEST(FeatureSet, ACountInAnotherRangeIsNewAndInTheSameRangeIsNot)
{
    FeatureSet features_seen;
    for (const uint8_t count : std::array<uint8_t, 8>{1, 2, 3, 4, 8, 16, 32, 128})
        EXPECT_EQ(features_seen.Take(With(0, count)).size(), 1) << int{count};
    for (const uint8_t count : std::array<uint8_t, 5>{7, 15, 31, 127, 255})
        EXPECT_EQ(features_seen.Take(With(0, count)).size(), 0) << int{count};
    EXPECT_EQ(features_seen.Edges(), 1);
    EXPECT_EQ(features_seen.Features(), 8);
}

TEST(FeatureSet, ReturnsTheNewFeatures)
{
    FeatureSet features_seen;
    const auto counters{With(9, 2)};
    const std::vector<Feature> new_features{features_seen.Take(counters)};
    ASSERT_EQ(new_features.size(), 1);
    EXPECT_EQ(new_features[0].counter, 9);
    EXPECT_TRUE(Reaches(counters, new_features[0]));
    EXPECT_FALSE(Reaches(With(9, 1), new_features[0]));
    EXPECT_FALSE(Reaches(With(8, 2), new_features[0]));
}

TEST(FeatureSet, OutcomesDoNotCountAsEdges)
{
    FeatureSet features_seen;
    features_seen.Take(With(agent::MAP_SIZE, 1));
    EXPECT_EQ(features_seen.Edges(), 0);
    EXPECT_EQ(features_seen.Features(), 1);
}

TEST(FeatureSet, IsSharedWithForkedProcesses)
{
    FeatureSet features_seen;
    const pid_t child{fork()};
    if (child == 0) _exit(features_seen.Take(With(3, 1)).size() == 1 ? 0 : 1);
    int status{-1};
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(features_seen.Take(With(3, 1)).size(), 0);
}

TEST(CoarsenCounts, LeavesFourRanges)
{
    std::vector<uint8_t> counts{0, 1, 2, 3, 15, 16, 127, 128};
    CoarsenCounts(counts);
    EXPECT_EQ(counts, (std::vector<uint8_t>{0, 1, 2, 2, 2, 16, 16, 128}));
}

} // namespace
} // namespace mpfuzz::engine
