#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(CrossOver, ReachesTheBeginningOfOneAndTheEndOfTheOther)
{
    Bench bench;
    bench.other = Shop("enter0 = shop0.enter(name = \"b\")\nawait enter0\nenter0.cart.merge(other = enter0.cart)\n");
    const std::string from{Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n")};
    EXPECT_TRUE(bench.Reaches(CrossOver, from,
                              Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\n"
                                   "enter0.cart.merge(other = enter0.cart)\n")));
    EXPECT_TRUE(bench.Reaches(CrossOver, from,
                              Shop("shop0.ping()\nenter0 = shop0.enter(name = \"b\")\nawait enter0\n"
                                   "enter0.cart.merge(other = enter0.cart)\n")));
}

TEST(CrossOver, LeavesOutWhatHasNoTargetAndNullsWhatHasNoCounterpart)
{
    Bench bench;
    bench.other = "c0 = connect\nshop0 = c0.bootstrap Shop\nserve0 = serve Listener {}\nenter0 = shop0.enter()\n"
                  "enter0.cart.pay(sums = [1])\nshop0.watch(listener = serve0)\n";
    EXPECT_TRUE(bench.Reaches(CrossOver, Shop("shop0.ping()\n"), Shop("shop0.ping()\nshop0.watch(listener = null)\n")));
}

TEST(CrossOver, ReconnectsOnlyToWhatIsLive)
{
    Bench bench;
    bench.other = Shop("enter0 = shop0.enter(name = \"b\")\nenter0.cart.pay()\n");
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\ndrop enter0.cart\nshop0.ping()\n")};
    for (const std::string& result : bench.Results(CrossOver, from)) {
        const bool dropped{result.find("drop enter0.cart") != std::string::npos};
        EXPECT_FALSE(dropped && result.find("enter0.cart.pay()") != std::string::npos) << result;
    }
}

TEST(CrossOver, KeepsConnectionsApart)
{
    Bench bench;
    const std::string two{"c0 = connect\nc1 = connect\nshop0 = c0.bootstrap Shop\nshop1 = c1.bootstrap Shop\n"};
    bench.other = two + "shop1.watch()\nshop0.wait()\nshop1.wait()\n";
    for (const std::string& result : bench.Results(CrossOver, two + "shop0.ping()\n")) {
        const bool same{result.find("shop0.watch()\nshop0.wait()") != std::string::npos ||
                        result.find("shop1.watch()\nshop1.wait()") != std::string::npos};
        EXPECT_FALSE(same) << result;
    }
}

TEST(CrossOver, NeedsAnother) { EXPECT_EQ(Bench{}.Results(CrossOver, Shop("shop0.ping()\n"), 20).size(), 1U); }

} // namespace
} // namespace mpfuzz::mutate
