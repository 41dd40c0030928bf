#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string FROM{Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nshop0.ping()\n")};

TEST(MoveStep, ReachesAnEarlierAndALaterPlace)
{
    EXPECT_TRUE(Bench{}.Reaches(MoveStep, FROM,
                                Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n"), 200));
    EXPECT_TRUE(Bench{}.Reaches(MoveStep, FROM,
                                Shop("enter0 = shop0.enter(name = \"a\")\nshop0.ping()\nenter0.cart.pay()\n"), 200));
}

TEST(MoveStep, KeepsEveryStepBehindWhatItNeeds)
{
    // The ping can go first or second, and the other two can only make room for it; with what no move changes
    // that is three programs.
    EXPECT_EQ(Bench{}.Results(MoveStep, FROM, 500).size(), 3U);
}

TEST(MoveStep, MovesMomentsWithTheirSteps)
{
    EXPECT_TRUE(Bench{}.Reaches(
        MoveStep, Shop("shop0.watch(listener = serve Listener { closed: later 4 () })\nshop0.ping()\nshop0.wait()\n"),
        Shop("shop0.watch(listener = serve Listener { closed: later 3 () })\nshop0.wait()\nshop0.ping()\n"), 200));
}

} // namespace
} // namespace mpfuzz::mutate
