#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string ENTER{"enter0 = shop0.enter(name = \"a\")\n"};

std::string Add(std::string_view arguments)
{
    return Shop(ENTER + "enter0.cart.add(" + std::string{arguments} + ")\n");
}

TEST(BreakValue, ReachesEnumsOutOfRange)
{
    EXPECT_TRUE(Bench{}.Reaches(BreakValue, Add("item = (colour = red)"), Add("item = (colour = enum(3))")));
}

TEST(BreakValue, ReachesNullPointers)
{
    EXPECT_TRUE(Bench{}.Reaches(BreakValue, Add("item = (price = 1)"), Add("item = null")));
    EXPECT_TRUE(Bench{}.Reaches(BreakValue, Shop("shop0.enter(name = \"a\")\n"), Shop("shop0.enter(name = null)\n")));
}

TEST(BreakValue, ReachesTextThatIsNotUtf8AndEndsEarly)
{
    EXPECT_TRUE(
        Bench{}.Reaches(BreakValue, Shop("shop0.enter(name = \"ab\")\n"), Shop("shop0.enter(name = \"a\\xffb\")\n")));
    EXPECT_TRUE(
        Bench{}.Reaches(BreakValue, Shop("shop0.enter(name = \"ab\")\n"), Shop("shop0.enter(name = \"a\\x00b\")\n")));
}

TEST(BreakValue, ReachesListsLongerThanSane)
{
    EXPECT_TRUE(Bench{}.Reaches(BreakValue, Shop(ENTER + "enter0.cart.pay(sums = [3])\n"),
                                Shop(ENTER + "enter0.cart.pay(sums = [3 * 1048576])\n")));
}

TEST(BreakValue, ReachesCapabilitiesOfAnotherInterfaceConnectionOrTime)
{
    EXPECT_TRUE(Bench{}.Reaches(BreakValue, Shop(ENTER + "enter0.cart.merge(other = enter0.cart)\n"),
                                Shop(ENTER + "enter0.cart.merge(other = shop0)\n")));
    EXPECT_TRUE(Bench{}.Reaches(
        BreakValue, Shop(ENTER + "drop enter0.cart\nenter1 = shop0.enter()\nenter1.cart.merge(other = enter1.cart)\n"),
        Shop(ENTER + "drop enter0.cart\nenter1 = shop0.enter()\nenter1.cart.merge(other = enter0.cart)\n")));
    const std::string two{Shop(ENTER + "c1 = connect\nshop1 = c1.bootstrap Shop\nenter1 = shop1.enter()\n")};
    EXPECT_TRUE(Bench{}.Reaches(BreakValue, two + "enter1.cart.merge(other = enter1.cart)\n",
                                two + "enter1.cart.merge(other = enter0.cart)\n"));
}

TEST(BreakValue, ReachesATargetThatDoesNotHaveTheMethod)
{
    EXPECT_TRUE(
        Bench{}.Reaches(BreakValue, Shop(ENTER + "enter0.cart.pay()\n"), Shop(ENTER + "(shop0 as Cart).pay()\n")));
}

} // namespace
} // namespace mpfuzz::mutate
