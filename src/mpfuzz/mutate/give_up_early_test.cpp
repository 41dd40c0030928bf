#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(GiveUpEarly, ReachesADropBeforeTheLastUse)
{
    EXPECT_TRUE(Bench{}.Reaches(GiveUpEarly, Shop("shop0.ping()\n"), Shop("drop shop0\nshop0.ping()\n")));
}

TEST(GiveUpEarly, ReachesACanceledCallWhoseAnswerIsUsed)
{
    EXPECT_TRUE(Bench{}.Reaches(GiveUpEarly, Shop("enter0 = shop0.enter()\nenter0.cart.pay()\n"),
                                Shop("enter0 = shop0.enter()\ncancel enter0\nenter0.cart.pay()\n")));
}

TEST(GiveUpEarly, ReachesAClosedConnection)
{
    EXPECT_TRUE(Bench{}.Reaches(GiveUpEarly, Shop("shop0.ping()\n"), Shop("shop0.ping()\ndisconnect c0 abrupt\n")));
}

} // namespace
} // namespace mpfuzz::mutate
