#include <mpfuzz/mutate/test_mutator.h>

#include <gmock/gmock.h>

namespace mpfuzz::mutate {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

std::string Watch(std::string_view script)
{
    return Shop("shop0.watch(listener = serve Listener {" + std::string{script} + "})\n");
}

TEST(ChangeServed, ReachesAnAddedAndARemovedReaction)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeServed, Watch(""), Watch(" closed: return () ")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeServed, Watch(" sold: return () "), Watch("")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeServed, Watch(" sold: return () "),
                                        Watch(" sold: return (); closed: return () ")));
}

TEST(ChangeServed, ReachesOtherResults)
{
    EXPECT_TRUE(
        MutatorTester{}.Reaches(ChangeServed, Watch(" sold: return () "), Watch(" sold: return (more = true) ")));
}

TEST(ChangeServed, ReachesServeStepsAndObjectsInsideResults)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeServed, Shop("serve Listener { closed: return () }\n"),
                                        Shop("serve Listener {}\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeServed,
                                        Watch(" sold: return (next = serve Listener { closed: return () }) "),
                                        Watch(" sold: return (next = serve Listener {}) ")));
}

TEST(ChangeServed, ReachesEveryReaction)
{
    MutatorTester tester;
    for (const char* script :
         {" closed: throw failed \"thrown on purpose\" ", " closed: never ", " closed: later 3 () ",
          " sold: call cart Cart.pay then () ", " closed: echo () ", " closed: disconnect "}) {
        EXPECT_TRUE(tester.Reaches(ChangeServed, Watch(""), Watch(script), 20'000)) << script;
    }
}

const std::string ENTER_AND_PAY{Shop("enter0 = shop0.enter()\nenter0.cart.pay()\n")};

TEST(AwaitCall, ReachesAnAwaitBetweenACallAndItsUse)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(AwaitCall, ENTER_AND_PAY,
                                        Shop("enter0 = shop0.enter()\nawait enter0\nenter0.cart.pay()\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(AwaitCall, ENTER_AND_PAY,
                                        Shop("enter0 = shop0.enter()\nenter0.cart.pay()\nawait all\n")));
}

TEST(AwaitCall, DoesNotAwaitACallThatMayNeverBeAnswered)
{
    const auto results{MutatorTester{}.Results(AwaitCall, Shop("shop0.wait()\nshop0.ping()\n"), 100)};
    EXPECT_THAT(results, ElementsAre(Canonical(Shop("shop0.wait()\nping0 = shop0.ping()\nawait ping0\n"))));
}

TEST(PipelineCall, RemovesOneAwaitOrAllOfThem)
{
    const std::string from{Shop("enter0 = shop0.enter()\nawait enter0\npay0 = enter0.cart.pay()\nawait pay0\n")};
    EXPECT_TRUE(MutatorTester{}.Reaches(PipelineCall, from,
                                        Shop("enter0 = shop0.enter()\npay0 = enter0.cart.pay()\nawait pay0\n"), 100));
    EXPECT_TRUE(MutatorTester{}.Reaches(PipelineCall, from,
                                        Shop("enter0 = shop0.enter()\nawait enter0\nenter0.cart.pay()\n"), 100));
    EXPECT_TRUE(MutatorTester{}.Reaches(PipelineCall, from, Shop("enter0 = shop0.enter()\nenter0.cart.pay()\n"), 100));
}

TEST(GiveUpEarly, ReachesADropBeforeTheLastUse)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(GiveUpEarly, Shop("shop0.ping()\n"), Shop("drop shop0\nshop0.ping()\n")));
}

TEST(GiveUpEarly, ReachesACancelledCallWhoseAnswerIsUsed)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(GiveUpEarly, Shop("enter0 = shop0.enter()\nenter0.cart.pay()\n"),
                                        Shop("enter0 = shop0.enter()\ncancel enter0\nenter0.cart.pay()\n")));
}

TEST(GiveUpEarly, ReachesAClosedConnection)
{
    EXPECT_TRUE(
        MutatorTester{}.Reaches(GiveUpEarly, Shop("shop0.ping()\n"), Shop("shop0.ping()\ndisconnect c0 abrupt\n")));
}

TEST(SendRaw, ReachesAMessageAndBytesOnAnOpenConnection)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(SendRaw, Shop("shop0.ping()\n"),
                                        Shop("shop0.ping()\nc0.bytes 0x\"ffffffff\"\n"), 20'000));
    EXPECT_THAT(MutatorTester{}.Results(SendRaw, Shop("shop0.ping()\n")),
                Contains(HasSubstr("c0.message (finish = (")));
}

TEST(SendRaw, SendsNothingOnAClosedConnection)
{
    const auto results{MutatorTester{}.Results(SendRaw, "c0 = connect\ndisconnect c0 clean\n")};
    EXPECT_THAT(results, Contains(HasSubstr("c0.message")));
    EXPECT_THAT(results, Contains(HasSubstr("c0.bytes")));
    EXPECT_THAT(results, Each(EndsWith("disconnect c0 clean\n")));
}

TEST(ChangeTiming, ReachesANewDelayAndALongerOne)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeTiming, Shop("shop0.ping()\n"), Shop("delay 1ms\nshop0.ping()\n")));
    EXPECT_TRUE(
        MutatorTester{}.Reaches(ChangeTiming, Shop("delay 1ms\nshop0.ping()\n"), Shop("delay 5ms\nshop0.ping()\n")));
}

TEST(ChangeTiming, ReachesAnotherWayToDisconnect)
{
    for (const char* how : {"abrupt", "half", "torn"}) {
        EXPECT_TRUE(MutatorTester{}.Reaches(ChangeTiming, Shop("disconnect c0 clean\n"),
                                            Shop("disconnect c0 " + std::string{how} + "\n")));
    }
}

} // namespace
} // namespace mpfuzz::mutate
