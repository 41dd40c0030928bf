#include <mpfuzz/mutate/test_mutator.h>

#include <gmock/gmock.h>

namespace mpfuzz::mutate {
namespace {

using testing::StartsWith;

TEST(VaryCall, ReachesTheSameCallWithAnotherArgumentBehindIt)
{
    EXPECT_TRUE(Bench{}.Reaches(VaryCall, Shop("enter0 = shop0.enter(name = \"a\")\n"),
                                Shop("enter0 = shop0.enter(name = \"a\")\nshop0.enter()\n")));
}

TEST(VaryCall, LeavesTheCallAsItWas)
{
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n")};
    for (const std::string& result : Bench{}.Results(VaryCall, from))
        EXPECT_THAT(result, StartsWith(Shop("enter0 = shop0.enter(name = \"a\")\n")));
}

TEST(VaryCall, ChangesNothingWhereNoCallHasParameters)
{
    const std::string from{Shop("ping0 = shop0.ping()\n")};
    EXPECT_THAT(Bench{}.Results(VaryCall, from), testing::ElementsAre(from));
}

} // namespace
} // namespace mpfuzz::mutate
