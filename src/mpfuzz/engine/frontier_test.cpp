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

TEST(Frontier, PicksTheNewestMostOften)
{
    Frontier frontier;
    for (const char* text : {"old", "newer", "newest"}) frontier.Add(text);
    auto picked{Count(frontier, 1'000)};
    EXPECT_GT(picked["newest"], picked["newer"]);
    EXPECT_GT(picked["newest"], picked["old"]);
    EXPECT_GT(picked["newer"], 0);
    EXPECT_GT(picked["old"], 0);
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
