#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string TWO{"c0 = connect\nc1 = connect\nshop0 = c0.bootstrap Shop\nshop1 = c1.bootstrap Shop\n"};

TEST(MoveToConnection, ReachesTheSameCallOnTheOtherConnection)
{
    EXPECT_TRUE(Bench{}.Reaches(MoveToConnection, TWO + "shop0.ping()\n", TWO + "shop1.ping()\n"));
}

TEST(MoveToConnection, TakesArgumentsAlong)
{
    const std::string carts{TWO + "enter0 = shop0.enter()\nenter1 = shop1.enter()\n"};
    EXPECT_TRUE(Bench{}.Reaches(MoveToConnection, carts + "enter0.cart.merge(other = enter0.cart)\n",
                                carts + "enter1.cart.merge(other = enter1.cart)\n"));
}

TEST(MoveToConnection, ReachesAnotherConnectionToCloseAndToBootstrap)
{
    EXPECT_TRUE(Bench{}.Reaches(MoveToConnection, TWO + "disconnect c0 clean\n", TWO + "disconnect c1 clean\n"));
    EXPECT_TRUE(Bench{}.Reaches(
        MoveToConnection, TWO + "shop0.ping()\n",
        "c0 = connect\nc1 = connect\nshop0 = c1.bootstrap Shop\nshop1 = c1.bootstrap Shop\nshop0.ping()\n"));
}

TEST(MoveToConnection, OpensOneWhereThereIsNoOther)
{
    EXPECT_TRUE(Bench{}.Reaches(MoveToConnection, Shop("shop0.ping()\n"),
                                "c0 = connect\nc1 = connect\nshop0 = c1.bootstrap Shop\nshop0.ping()\n"));
    Bench one;
    one.rules.max_connections = 1;
    EXPECT_EQ(one.Results(MoveToConnection, Shop("shop0.ping()\n"), 50).size(), 1U);
}

} // namespace
} // namespace mpfuzz::mutate
