#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(InsertCall, ReachesAnotherMethodOfACapabilityAtHand)
{
    EXPECT_TRUE(Bench{}.Reaches(InsertCall, Shop(""), Shop("shop0.ping()\n")));
}

TEST(InsertCall, ReachesACallInTheMiddle)
{
    EXPECT_TRUE(Bench{}.Reaches(InsertCall, Shop("shop0.wait()\n"), Shop("shop0.ping()\nshop0.wait()\n")));
}

TEST(InsertCall, BringsWhatItTakesToGetThere)
{
    Bench bench;
    bench.rules.only = ShopSchema().MatchMethods("Cart.pay");
    size_t with_cart{0};
    for (const std::string& result : bench.Results(InsertCall, Shop(""), 50)) {
        with_cart += result.find(".cart.pay(") != std::string::npos && result.find("shop0.enter(") != std::string::npos;
    }
    EXPECT_GT(with_cart, 10U);
}

TEST(InsertCall, NeedsAnOpenConnection)
{
    const std::string closed{"c0 = connect\ndisconnect c0 clean\n"};
    EXPECT_FALSE(Bench{}.Reaches(InsertCall, closed, closed + "delay 1ms\n"));
    EXPECT_EQ(Bench{}.Results(InsertCall, "", 50), std::vector<std::string>{""});
}

} // namespace
} // namespace mpfuzz::mutate
