#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Pay(std::string_view sums)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.pay(sums = " + std::string{sums} + ")\n");
}
std::string Parts(std::string_view parts)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(item = (parts = " + std::string{parts} + "))\n");
}

TEST(ChangeList, ReachesInsertedRemovedDuplicatedAndSwappedElements)
{
    for (const char* to : {"[7, 8]", "[7, 8, 9, 0]", "[7, 8, 9, 8]", "[9, 8, 7]", "[7]", "[]"}) {
        EXPECT_TRUE(Bench{}.Reaches(ChangeList, Pay("[7, 8, 9]"), Pay(to))) << to;
    }
}

TEST(ChangeList, ReachesRepeatedElementsAndBack)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeList, Pay("[7, 8]"), Pay("[7 * 3]")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeList, Pay("[7 * 3]"), Pay("[7 * 6]")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeList, Pay("[7 * 3]"), Pay("[7, 7, 7]")));
}

TEST(ChangeList, PutsStructsIntoListsThatAreNotNull)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeList, Parts("null"), Parts("[()]")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeList, Parts("[(price = 1)]"), Parts("[(), (price = 1)]")));
}

} // namespace
} // namespace mpfuzz::mutate
