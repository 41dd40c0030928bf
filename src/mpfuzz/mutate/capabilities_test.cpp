#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string TWO_SHOPS{"c0 = connect\nc1 = connect\nshop0 = c0.bootstrap Shop\nshop1 = c1.bootstrap Shop\n"};
const std::string TWO_CARTS{"enter0 = shop0.enter(name = \"a\")\nenter1 = shop0.enter(name = \"b\")\n"};

TEST(RetargetCapability, ReachesTheOtherCart)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, Shop(TWO_CARTS + "enter0.cart.pay()\n"),
                                        Shop(TWO_CARTS + "enter1.cart.pay()\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, Shop(TWO_CARTS + "drop enter0.cart\n"),
                                        Shop(TWO_CARTS + "drop enter1.cart\n")));
}

TEST(RetargetCapability, ReachesAnotherArgumentAlsoInsteadOfNull)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability,
                                        Shop(TWO_CARTS + "enter0.cart.merge(other = enter0.cart)\n"),
                                        Shop(TWO_CARTS + "enter0.cart.merge(other = enter1.cart)\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, Shop(TWO_CARTS + "enter0.cart.merge(other = null)\n"),
                                        Shop(TWO_CARTS + "enter0.cart.merge(other = enter1.cart)\n")));
}

TEST(RetargetCapability, ReachesAServedObjectAsArgument)
{
    const std::string serve{"serve0 = serve Listener {}\n"};
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, Shop(serve + "shop0.watch(listener = null)\n"),
                                        Shop(serve + "shop0.watch(listener = serve0)\n")));
}

TEST(RetargetCapability, TakesOnlyLiveCapabilitiesOfTheSameConnection)
{
    const std::string released{Shop(TWO_CARTS + "enter2 = shop0.enter(name = \"c\")\ndrop enter1.cart\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, released + "enter0.cart.pay()\n",
                                        released + "enter2.cart.pay()\n"));
    EXPECT_FALSE(MutatorTester{}.Reaches(RetargetCapability, released + "enter0.cart.pay()\n",
                                         released + "enter1.cart.pay()\n"));
    const std::string two{TWO_SHOPS + "shop2 = c0.bootstrap Shop\n"};
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, two + "shop0.ping()\n", two + "shop2.ping()\n"));
    EXPECT_FALSE(MutatorTester{}.Reaches(RetargetCapability, two + "shop0.ping()\n", two + "shop1.ping()\n"));
}

TEST(RetargetCapability, CallsNoServedObject)
{
    const std::string serve{Shop("shop1 = c0.bootstrap Shop\nserve0 = serve Shop {}\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(RetargetCapability, serve + "shop0.ping()\n", serve + "shop1.ping()\n"));
    EXPECT_FALSE(MutatorTester{}.Reaches(RetargetCapability, serve + "shop0.ping()\n", serve + "serve0.ping()\n"));
}

TEST(MoveToConnection, ReachesTheSameCallOnTheOtherConnection)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(MoveToConnection, TWO_SHOPS + "shop0.ping()\n", TWO_SHOPS + "shop1.ping()\n"));
}

TEST(MoveToConnection, AlsoReplacesArguments)
{
    const std::string carts{TWO_SHOPS + "enter0 = shop0.enter()\nenter1 = shop1.enter()\n"};
    EXPECT_TRUE(MutatorTester{}.Reaches(MoveToConnection, carts + "enter0.cart.merge(other = enter0.cart)\n",
                                        carts + "enter1.cart.merge(other = enter1.cart)\n"));
}

TEST(MoveToConnection, ReachesAnotherConnectionToCloseAndToBootstrap)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(MoveToConnection, TWO_SHOPS + "disconnect c0 clean\n",
                                        TWO_SHOPS + "disconnect c1 clean\n"));
    EXPECT_TRUE(MutatorTester{}.Reaches(
        MoveToConnection, TWO_SHOPS + "shop0.ping()\n",
        "c0 = connect\nc1 = connect\nshop0 = c1.bootstrap Shop\nshop1 = c1.bootstrap Shop\nshop0.ping()\n"));
}

TEST(MoveToConnection, OpensAConnectionIfThereIsNoOther)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(MoveToConnection, Shop("shop0.ping()\n"),
                                        "c0 = connect\nc1 = connect\nshop0 = c1.bootstrap Shop\nshop0.ping()\n"));
    MutatorTester one;
    one.rules.max_connections = 1;
    EXPECT_EQ(one.Results(MoveToConnection, Shop("shop0.ping()\n"), 50).size(), 1U);
}

const std::string ENTER{"enter0 = shop0.enter(name = \"a\")\n"};

TEST(BreakValue, ReachesEnumsOutOfRange)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Add("item = (colour = red)"), Add("item = (colour = enum(3))")));
}

TEST(BreakValue, ReachesNullPointers)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Add("item = (price = 1)"), Add("item = null")));
    EXPECT_TRUE(
        MutatorTester{}.Reaches(BreakValue, Shop("shop0.enter(name = \"a\")\n"), Shop("shop0.enter(name = null)\n")));
}

TEST(BreakValue, ReachesTextThatIsNotUtf8OrHasANul)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Shop("shop0.enter(name = \"ab\")\n"),
                                        Shop("shop0.enter(name = \"a\\xffb\")\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Shop("shop0.enter(name = \"ab\")\n"),
                                        Shop("shop0.enter(name = \"a\\x00b\")\n")));
}

TEST(BreakValue, ReachesVeryLongLists)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Shop(ENTER + "enter0.cart.pay(sums = [3])\n"),
                                        Shop(ENTER + "enter0.cart.pay(sums = [3 * 1048576])\n")));
}

TEST(BreakValue, ReachesCapabilitiesOfAnotherInterfaceOrConnectionAndReleasedOnes)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Shop(ENTER + "enter0.cart.merge(other = enter0.cart)\n"),
                                        Shop(ENTER + "enter0.cart.merge(other = shop0)\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(
        BreakValue, Shop(ENTER + "drop enter0.cart\nenter1 = shop0.enter()\nenter1.cart.merge(other = enter1.cart)\n"),
        Shop(ENTER + "drop enter0.cart\nenter1 = shop0.enter()\nenter1.cart.merge(other = enter0.cart)\n")));
    const std::string two{Shop(ENTER + "c1 = connect\nshop1 = c1.bootstrap Shop\nenter1 = shop1.enter()\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, two + "enter1.cart.merge(other = enter1.cart)\n",
                                        two + "enter1.cart.merge(other = enter0.cart)\n"));
}

TEST(BreakValue, ReachesATargetThatDoesNotHaveTheMethod)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(BreakValue, Shop(ENTER + "enter0.cart.pay()\n"),
                                        Shop(ENTER + "(shop0 as Cart).pay()\n")));
}

} // namespace
} // namespace mpfuzz::mutate
