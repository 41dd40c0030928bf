#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(RemoveAStep, ReachesTheProgramWithoutItAndWhatNeededIt)
{
    const std::string from{Shop("shop0.ping()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nawait enter0\n")};
    EXPECT_TRUE(Bench{}.Reaches(RemoveAStep, from, Shop("shop0.ping()\n"), 200));
    EXPECT_TRUE(Bench{}.Reaches(RemoveAStep, from,
                                Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nawait enter0\n"), 200));
}

TEST(RemoveAStep, PrefersWhatNothingUses)
{
    const std::string idle{"shop0.ping()\nserve Listener {}\nshop0.ping()\nshop0.ping()\nshop0.ping()\n"};
    EXPECT_TRUE(
        Bench{}.Reaches(RemoveAStep, Shop(idle), Shop("shop0.ping()\nshop0.ping()\nshop0.ping()\nshop0.ping()\n"), 10));
}

} // namespace
} // namespace mpfuzz::mutate
