#include <mpfuzz/engine/frontier.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mpfuzz::engine {
namespace {

//! How often each is picked in so many turns; "" for the engine's own choice.
std::map<std::string, int> Count(const Frontier& frontier, int turns)
{
    base::Rng rng{1};
    std::map<std::string, int> picked;
    for (int i{0}; i < turns; ++i) ++picked[std::string{frontier.Pick(rng).value_or("")}];
    return picked;
}

TEST(Frontier, PicksNothingWhereNothingIsNew) { EXPECT_EQ(Count({}, 10)[""], 10); }

TEST(Frontier, LeavesHalfOfTheTurnsToTheEngine)
{
    Frontier frontier;
    frontier.Add("new");
    EXPECT_NEAR(Count(frontier, 1'000)[""], 500, 60);
}

TEST(Frontier, PicksTheTwoNewestMoreOftenThanAllOthersTogether)
{
    Frontier frontier;
    for (int i{0}; i < 14; ++i) frontier.Add("old");
    frontier.Add("newer");
    frontier.Add("newest");
    auto picked{Count(frontier, 2'000)};
    EXPECT_GT(picked["newest"] + picked["newer"], picked["old"]);
    EXPECT_GT(picked["newest"], 200);
    EXPECT_GT(picked["newer"], 200);
    EXPECT_GT(picked["old"], 100);
}

TEST(Frontier, ForgetsTheOldest)
{
    Frontier frontier;
    frontier.Add("old");
    for (int i{0}; i < 100; ++i) frontier.Add("new");
    EXPECT_EQ(Count(frontier, 1'000).count("old"), 0);
}

} // namespace
} // namespace mpfuzz::engine
