#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string FROM{Shop("enter0 = shop0.enter()\nenter0.cart.pay()\n")};

TEST(AwaitCall, ReachesAnAwaitBetweenACallAndItsUse)
{
    EXPECT_TRUE(Bench{}.Reaches(AwaitCall, FROM, Shop("enter0 = shop0.enter()\nawait enter0\nenter0.cart.pay()\n")));
    EXPECT_TRUE(Bench{}.Reaches(AwaitCall, FROM, Shop("enter0 = shop0.enter()\nenter0.cart.pay()\nawait all\n")));
}

TEST(AwaitCall, DoesNotWaitForWhatMayNeverCome)
{
    const std::string from{Shop("wait0 = shop0.wait()\n")};
    EXPECT_EQ(Bench{}.Results(AwaitCall, from, 100), std::vector<std::string>{Print(MustParse(from))});
}

} // namespace
} // namespace mpfuzz::mutate
