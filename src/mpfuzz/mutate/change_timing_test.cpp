#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(ChangeTiming, ReachesANewDelayAndALongerOne)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeTiming, Shop("shop0.ping()\n"), Shop("delay 1ms\nshop0.ping()\n")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeTiming, Shop("delay 1ms\nshop0.ping()\n"), Shop("delay 5ms\nshop0.ping()\n")));
}

TEST(ChangeTiming, ReachesAnotherWayToDisconnect)
{
    const std::string half{Shop("disconnect c0 half\n")};
    EXPECT_TRUE(Bench{}.Reaches(ChangeTiming, Shop("disconnect c0 clean\n"), Shop("disconnect c0 abrupt\n")));
    EXPECT_FALSE(Bench{}.Reaches(ChangeTiming, Shop("disconnect c0 clean\n"), half));
    Bench bench;
    bench.rules.plain_steps_only = false;
    EXPECT_TRUE(bench.Reaches(ChangeTiming, Shop("disconnect c0 clean\n"), half));
}

} // namespace
} // namespace mpfuzz::mutate
