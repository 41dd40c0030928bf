#include <mpfuzz/engine/frontier.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mpfuzz::engine {
namespace {

TEST(Frontier, PicksNothingWhereNothingIsNew)
{
    Frontier frontier;
    base::Rng rng{1};
    for (int i{0}; i < 10; ++i) EXPECT_FALSE(frontier.Pick(rng));
}

TEST(Frontier, GivesTheNewestItsTurnsFirstAndThenTheOthers)
{
    Frontier frontier;
    base::Rng rng{1};
    frontier.Add("old");
    frontier.Add("new");
    std::map<std::string, int> picked;
    for (int i{0}; i < 5'000; ++i) {
        const auto text{frontier.Pick(rng)};
        if (!text) continue;
        if (*text == "old") EXPECT_EQ(picked["new"], 256);
        ++picked[std::string{*text}];
    }
    EXPECT_EQ(picked["new"], 256);
    EXPECT_EQ(picked["old"], 256);
}

TEST(Frontier, LeavesHalfOfTheTurnsToTheEngine)
{
    Frontier frontier;
    base::Rng rng{1};
    int picked{0};
    for (int i{0}; i < 1'000; ++i) {
        frontier.Add("new");
        picked += frontier.Pick(rng).has_value();
    }
    EXPECT_NEAR(picked, 500, 60);
}

} // namespace
} // namespace mpfuzz::engine
