#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string TWO{"enter0 = shop0.enter(name = \"a\")\nenter1 = shop0.enter(name = \"b\")\n"};

TEST(RetargetCapability, ReachesTheOtherCart)
{
    EXPECT_TRUE(
        Bench{}.Reaches(RetargetCapability, Shop(TWO + "enter0.cart.pay()\n"), Shop(TWO + "enter1.cart.pay()\n")));
    EXPECT_TRUE(
        Bench{}.Reaches(RetargetCapability, Shop(TWO + "drop enter0.cart\n"), Shop(TWO + "drop enter1.cart\n")));
}

TEST(RetargetCapability, ReachesAnotherArgumentAndOneInPlaceOfNull)
{
    EXPECT_TRUE(Bench{}.Reaches(RetargetCapability, Shop(TWO + "enter0.cart.merge(other = enter0.cart)\n"),
                                Shop(TWO + "enter0.cart.merge(other = enter1.cart)\n")));
    EXPECT_TRUE(Bench{}.Reaches(RetargetCapability, Shop(TWO + "enter0.cart.merge(other = null)\n"),
                                Shop(TWO + "enter0.cart.merge(other = enter1.cart)\n")));
}

TEST(RetargetCapability, ReachesAnObjectOfOursAsArgument)
{
    const std::string serve{"serve0 = serve Listener {}\n"};
    EXPECT_TRUE(Bench{}.Reaches(RetargetCapability, Shop(serve + "shop0.watch(listener = null)\n"),
                                Shop(serve + "shop0.watch(listener = serve0)\n")));
}

TEST(RetargetCapability, TakesOnlyLiveOnesOfTheSameConnection)
{
    const std::string released{Shop(TWO + "drop enter1.cart\nenter0.cart.pay()\n")};
    EXPECT_FALSE(Bench{}.Reaches(RetargetCapability, released, Shop(TWO + "drop enter1.cart\nenter1.cart.pay()\n")));
    const std::string two{"c0 = connect\nc1 = connect\nshop0 = c0.bootstrap Shop\nshop1 = c1.bootstrap Shop\n"};
    EXPECT_FALSE(Bench{}.Reaches(RetargetCapability, two + "shop0.ping()\n", two + "shop1.ping()\n"));
}

TEST(RetargetCapability, CallsNoObjectOfOurs)
{
    const std::string serve{"serve0 = serve Shop {}\n"};
    EXPECT_FALSE(Bench{}.Reaches(RetargetCapability, Shop(serve + "shop0.ping()\n"), Shop(serve + "serve0.ping()\n")));
}

} // namespace
} // namespace mpfuzz::mutate
