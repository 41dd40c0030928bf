#include <mpfuzz/mutate/test_mutator.h>

#include <gmock/gmock.h>

namespace mpfuzz::mutate {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(InsertCall, ReachesAMethodOfACapabilityThatExists)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(InsertCall, Shop(""), Shop("shop0.ping()\n")));
}

TEST(InsertCall, ReachesACallInTheMiddle)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(InsertCall, Shop("shop0.wait()\n"), Shop("shop0.ping()\nshop0.wait()\n")));
}

TEST(InsertCall, AlsoInsertsTheCallThatMakesTheCapability)
{
    MutatorTester tester;
    tester.rules.only = ShopSchema().MatchMethods("Cart.pay");
    size_t with_cart{0};
    for (const std::string& result : tester.Results(InsertCall, Shop(""), 50)) {
        with_cart += result.find(".cart.pay(") != std::string::npos && result.find("shop0.enter(") != std::string::npos;
    }
    EXPECT_GT(with_cart, 10U);
}

TEST(InsertCall, NeedsAnOpenConnection)
{
    // A call can be inserted only between the two steps.
    const auto results{MutatorTester{}.Results(InsertCall, "c0 = connect\ndisconnect c0 clean\n", 200)};
    EXPECT_THAT(results, Contains(HasSubstr("shop0.ping()")));
    EXPECT_THAT(results, Each(StartsWith("c0 = connect\n")));
    EXPECT_THAT(results, Each(EndsWith("disconnect c0 clean\n")));
    EXPECT_THAT(MutatorTester{}.Results(InsertCall, "", 50), ElementsAre(""));
}

TEST(RemoveAStep, AlsoRemovesTheStepsThatNeedIt)
{
    const std::string from{Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nawait enter0\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(RemoveAStep, from, Shop("shop0.ping()\n"), 200));
    EXPECT_TRUE(MutatorTester{}.Reaches(
        RemoveAStep, from, Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nawait enter0\n"), 200));
}

TEST(RemoveAStep, PrefersUnusedSteps)
{
    const std::string unused{"shop0.ping()\nserve Listener {}\nshop0.ping()\nshop0.ping()\nshop0.ping()\n"};
    EXPECT_TRUE(MutatorTester{}.Reaches(RemoveAStep, Shop(unused),
                                        Shop("shop0.ping()\nshop0.ping()\nshop0.ping()\nshop0.ping()\n"), 10));
}

TEST(DuplicateStep, ReachesACopyDirectlyAfterTheStepAndOneLater)
{
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nshop0.ping()\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(
        DuplicateStep, from,
        Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nenter0.cart.pay()\nshop0.ping()\n"), 200));
    EXPECT_TRUE(MutatorTester{}.Reaches(
        DuplicateStep, from,
        Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nshop0.ping()\nshop0.enter(name = \"a\")\n"), 200));
}

TEST(DuplicateStep, ReachesASecondDropOfTheSameCapability)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(DuplicateStep, Shop("drop shop0\n"), Shop("drop shop0\ndrop shop0\n"), 200));
}

TEST(VaryCall, ReachesACopyWithAnotherArgument)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(VaryCall, Shop("enter0 = shop0.enter(name = \"a\")\n"),
                                        Shop("enter0 = shop0.enter(name = \"a\")\nshop0.enter()\n")));
}

TEST(VaryCall, DoesNotChangeTheOriginalCall)
{
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n")};
    const auto results{MutatorTester{}.Results(VaryCall, from)};
    EXPECT_GT(results.size(), 10U);
    EXPECT_THAT(results, Each(StartsWith(Shop("enter0 = shop0.enter(name = \"a\")\n"))));
}

TEST(VaryCall, ChangesNothingIfNoCallHasParameters)
{
    const std::string from{Shop("ping0 = shop0.ping()\n")};
    EXPECT_THAT(MutatorTester{}.Results(VaryCall, from, 100), ElementsAre(from));
    EXPECT_GT(MutatorTester{}.Results(VaryCall, from + "shop0.enter(name = \"a\")\n", 100).size(), 1U);
}

const std::string THREE_CALLS{Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nshop0.ping()\n")};

TEST(MoveStep, ReachesAnEarlierAndALaterPosition)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(
        MoveStep, THREE_CALLS, Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n"), 200));
    EXPECT_TRUE(MutatorTester{}.Reaches(
        MoveStep, THREE_CALLS, Shop("enter0 = shop0.enter(name = \"a\")\nshop0.ping()\nenter0.cart.pay()\n"), 200));
}

TEST(MoveStep, KeepsEveryStepAfterTheStepsThatItNeeds)
{
    // The ping can be first, second or last; the order of the other two is fixed.
    EXPECT_EQ(MutatorTester{}.Results(MoveStep, THREE_CALLS, 500).size(), 3U);
}

TEST(MoveStep, MovesMomentsWithTheirSteps)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(
        MoveStep, Shop("shop0.watch(listener = serve Listener { closed: later 4 () })\nshop0.ping()\nshop0.wait()\n"),
        Shop("shop0.watch(listener = serve Listener { closed: later 3 () })\nshop0.wait()\nshop0.ping()\n"), 200));
}

const std::string BLOCK{"enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n"};

TEST(RepeatBlock, ReachesCopiesThatUseTheirOwnResults)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(RepeatBlock, Shop(BLOCK),
                                        Shop(BLOCK + "enter1 = shop0.enter(name = \"a\")\nenter1.cart.pay()\n"), 500));
}

TEST(RepeatBlock, ReachesManyCopiesOfOneStep)
{
    EXPECT_TRUE(
        MutatorTester{}.Reaches(RepeatBlock, Shop("shop0.ping()\n"),
                                Shop("shop0.ping()\nshop0.ping()\nshop0.ping()\nshop0.ping()\nshop0.ping()\n")));
}

TEST(RepeatBlock, RenumbersTheFollowingSteps)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(RepeatBlock, Shop("shop0.ping()\n" + BLOCK),
                                        Shop("shop0.ping()\nshop0.ping()\n" + BLOCK), 500));
}

} // namespace
} // namespace mpfuzz::mutate
