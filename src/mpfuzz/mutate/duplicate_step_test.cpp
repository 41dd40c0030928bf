#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(DuplicateStep, ReachesACopyAtOnceAndLater)
{
    const std::string from{Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nshop0.ping()\n")};
    EXPECT_TRUE(Bench{}.Reaches(
        DuplicateStep, from,
        Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nenter0.cart.pay()\nshop0.ping()\n"), 200));
    EXPECT_TRUE(Bench{}.Reaches(
        DuplicateStep, from,
        Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\nshop0.ping()\nshop0.enter(name = \"a\")\n"), 200));
}

TEST(DuplicateStep, ReachesASecondDropOfTheSame)
{
    EXPECT_TRUE(Bench{}.Reaches(DuplicateStep, Shop("drop shop0\n"), Shop("drop shop0\ndrop shop0\n"), 200));
}

} // namespace
} // namespace mpfuzz::mutate
