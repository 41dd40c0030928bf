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
    for (const char* how : {"abrupt", "half", "torn"}) {
        EXPECT_TRUE(Bench{}.Reaches(ChangeTiming, Shop("disconnect c0 clean\n"),
                                    Shop("disconnect c0 " + std::string{how} + "\n")));
    }
}

} // namespace
} // namespace mpfuzz::mutate
