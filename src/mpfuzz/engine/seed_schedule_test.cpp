#include <mpfuzz/engine/seed_schedule.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mpfuzz::engine {
namespace {

//! How often each is picked in so many turns; "" for the engine's own choice.
std::map<std::string, int> Count(const SeedSchedule& seed_schedule, int turns)
{
    base::Rng rng{1};
    std::map<std::string, int> picked;
    for (int i{0}; i < turns; ++i) ++picked[std::string{seed_schedule.Pick(rng).value_or("")}];
    return picked;
}

TEST(SeedSchedule, PicksNothingWhereNothingIsNew) { EXPECT_EQ(Count({}, 10)[""], 10); }

TEST(SeedSchedule, LeavesHalfOfTheTurnsToTheEngine)
{
    SeedSchedule seed_schedule;
    seed_schedule.Add("new");
    EXPECT_NEAR(Count(seed_schedule, 1'000)[""], 500, 60);
}

TEST(SeedSchedule, PicksTheTwoNewestMoreOftenThanAllOthersTogether)
{
    SeedSchedule seed_schedule;
    for (int i{0}; i < 14; ++i) seed_schedule.Add("old");
    seed_schedule.Add("newer");
    seed_schedule.Add("newest");
    auto picked{Count(seed_schedule, 2'000)};
    EXPECT_GT(picked["newest"] + picked["newer"], picked["old"]);
    EXPECT_GT(picked["newest"], 200);
    EXPECT_GT(picked["newer"], 200);
    EXPECT_GT(picked["old"], 100);
}

TEST(SeedSchedule, ForgetsTheOldest)
{
    SeedSchedule seed_schedule;
    seed_schedule.Add("old");
    for (int i{0}; i < 100; ++i) seed_schedule.Add("new");
    EXPECT_EQ(Count(seed_schedule, 1'000).count("old"), 0);
}

} // namespace
} // namespace mpfuzz::engine
