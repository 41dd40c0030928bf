#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(SpliceSteps, ReachesACallOfTheOtherProgramOnACapabilityAtHand)
{
    Bench bench;
    bench.other = Shop("shop0.wait()\nenter0 = shop0.enter(name = \"b\")\nenter0.cart.pay(sums = [7])\n");
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\nshop0.ping()\n")};
    EXPECT_TRUE(bench.Reaches(SpliceSteps, from,
                              Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay(sums = [7])\nshop0.ping()\n")));
}

TEST(SpliceSteps, BringsTheCallsThatMakeWhatIsMissing)
{
    Bench bench;
    bench.other = Shop("shop0.wait()\nenter0 = shop0.enter(name = \"b\")\nawait enter0\nenter0.cart.pay(sums = [7])\n");
    EXPECT_TRUE(bench.Reaches(SpliceSteps, Shop("shop0.ping()\n"),
                              Shop("shop0.ping()\nenter0 = shop0.enter(name = \"b\")\nenter0.cart.pay(sums = [7])\n")));
}

TEST(SpliceSteps, BringsAConnectionWhereNoneIsOpen)
{
    Bench bench;
    bench.other = Shop("shop0.ping()\n");
    EXPECT_TRUE(bench.Reaches(SpliceSteps, "delay 1ms\n", "delay 1ms\n" + Shop("shop0.ping()\n")));
}

TEST(SpliceSteps, TakesFromTheProgramItselfWithoutAnother)
{
    const std::string from{Shop("shop0.wait()\nshop0.ping()\n")};
    EXPECT_TRUE(Bench{}.Reaches(SpliceSteps, from, Shop("shop0.ping()\nshop0.wait()\nshop0.ping()\n")));
}

} // namespace
} // namespace mpfuzz::mutate
