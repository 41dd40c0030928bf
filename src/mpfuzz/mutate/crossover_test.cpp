#include <mpfuzz/mutate/test_mutator.h>

#include <gmock/gmock.h>

namespace mpfuzz::mutate {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(SpliceSteps, ReachesACallOfTheOtherProgramOnACapabilityOfThisOne)
{
    MutatorTester tester;
    tester.other = Shop("shop0.wait()\nenter0 = shop0.enter(name = \"b\")\nenter0.cart.pay(sums = [7])\n");
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\nshop0.ping()\n")};
    EXPECT_TRUE(tester.Reaches(
        SpliceSteps, from, Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay(sums = [7])\nshop0.ping()\n")));
}

TEST(SpliceSteps, CopiesTheCallsThatMakeMissingCapabilities)
{
    MutatorTester tester;
    tester.other =
        Shop("shop0.wait()\nenter0 = shop0.enter(name = \"b\")\nawait enter0\nenter0.cart.pay(sums = [7])\n");
    EXPECT_TRUE(
        tester.Reaches(SpliceSteps, Shop("shop0.ping()\n"),
                       Shop("shop0.ping()\nenter0 = shop0.enter(name = \"b\")\nenter0.cart.pay(sums = [7])\n")));
}

TEST(SpliceSteps, CopiesAConnectionIfNoneIsOpen)
{
    MutatorTester tester;
    tester.other = Shop("shop0.ping()\n");
    EXPECT_TRUE(tester.Reaches(SpliceSteps, "delay 1ms\n", "delay 1ms\n" + Shop("shop0.ping()\n")));
}

TEST(SpliceSteps, CopiesFromTheProgramItselfIfThereIsNoOther)
{
    const std::string from{Shop("shop0.wait()\nshop0.ping()\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(SpliceSteps, from, Shop("shop0.ping()\nshop0.wait()\nshop0.ping()\n")));
}

TEST(CrossOver, ReachesTheBeginningOfOneAndTheEndOfTheOther)
{
    MutatorTester tester;
    tester.other = Shop("enter0 = shop0.enter(name = \"b\")\nawait enter0\nenter0.cart.merge(other = enter0.cart)\n");
    const std::string from{Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n")};
    EXPECT_TRUE(tester.Reaches(CrossOver, from,
                               Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\n"
                                    "enter0.cart.merge(other = enter0.cart)\n")));
    EXPECT_TRUE(tester.Reaches(CrossOver, from,
                               Shop("shop0.ping()\nenter0 = shop0.enter(name = \"b\")\nawait enter0\n"
                                    "enter0.cart.merge(other = enter0.cart)\n")));
}

TEST(CrossOver, LeavesOutCallsWithoutATargetAndNullsArgumentsWithoutACounterpart)
{
    MutatorTester tester;
    tester.other = "c0 = connect\nshop0 = c0.bootstrap Shop\nserve0 = serve Listener {}\nenter0 = shop0.enter()\n"
                   "enter0.cart.pay(sums = [1])\nshop0.watch(listener = serve0)\n";
    EXPECT_TRUE(
        tester.Reaches(CrossOver, Shop("shop0.ping()\n"), Shop("shop0.ping()\nshop0.watch(listener = null)\n")));
}

TEST(CrossOver, UsesOnlyLiveCapabilities)
{
    MutatorTester tester;
    tester.other = Shop("enter0 = shop0.enter(name = \"b\")\nenter0.cart.pay()\n");
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\ndrop enter0.cart\nshop0.ping()\n")};
    const auto results{tester.Results(CrossOver, from)};
    EXPECT_THAT(results, Contains(Canonical(Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n"))));
    EXPECT_THAT(results, Contains(Canonical(Shop("enter0 = shop0.enter(name = \"a\")\ndrop enter0.cart\n"
                                                 "enter1 = shop0.enter(name = \"b\")\nenter1.cart.pay()\n"))));
    EXPECT_THAT(results, Each(Not(AllOf(HasSubstr("drop enter0.cart"), HasSubstr("enter0.cart.pay()")))));
}

TEST(CrossOver, KeepsConnectionsApart)
{
    MutatorTester tester;
    const std::string two{"c0 = connect\nc1 = connect\nshop0 = c0.bootstrap Shop\nshop1 = c1.bootstrap Shop\n"};
    tester.other = two + "shop1.watch()\nshop0.wait()\nshop1.wait()\n";
    const auto results{tester.Results(CrossOver, two + "shop0.ping()\n")};
    EXPECT_THAT(results, Contains(Canonical(two + "shop0.watch()\nshop1.wait()\nshop0.wait()\n")));
    EXPECT_THAT(results, Contains(Canonical(two + "shop1.watch()\nshop0.wait()\nshop1.wait()\n")));
    // If all three calls were copied, the first two must be on different connections.
    EXPECT_THAT(results, Each(Not(AnyOf(HasSubstr("shop0.watch()\nwait0 = shop0.wait()\nwait1"),
                                        HasSubstr("shop1.watch()\nwait0 = shop1.wait()\nwait1")))));
}

TEST(CrossOver, NeedsAnotherProgram)
{
    MutatorTester tester;
    const std::string from{Canonical(Shop("shop0.ping()\n"))};
    EXPECT_THAT(tester.Results(CrossOver, from, 20), ElementsAre(from));
    tester.other = Shop("shop0.wait()\n");
    EXPECT_THAT(tester.Results(CrossOver, from, 20), Contains(Canonical(from + "shop0.wait()\n")));
}

} // namespace
} // namespace mpfuzz::mutate
