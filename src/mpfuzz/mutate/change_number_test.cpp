#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Add(std::string_view arguments)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(" + std::string{arguments} + ")\n");
}

TEST(ChangeNumber, ReachesNeighboursFlippedBitsAndLimits)
{
    for (const char* to : {"1000", "1002", "1003", "-1001", "2002", "500", "997", "0", "2147483647", "-2147483648"}) {
        EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("item = (price = 1001)"),
                                    Add("item = (price = " + std::string{to} + ")")))
            << to;
    }
}

TEST(ChangeNumber, ReachesAnotherByteInOneStep)
{
    // 0x3e9 to 0x335.
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("item = (price = 1001)"), Add("item = (price = 821)"), 100'000));
}

TEST(ChangeNumber, WrapsAroundWithinItsType)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("count = 255"), Add("count = 0")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("item = (price = 2147483647)"), Add("item = (price = -2147483648)")));
}

TEST(ChangeNumber, ReachesOtherFloatsBoolsAndEnumerants)
{
    for (const char* to : {"2.5", "0.5", "-1.5", "3", "inf", "-0"}) {
        EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("item = (weight = 1.5)"),
                                    Add("item = (weight = " + std::string{to} + ")")))
            << to;
    }
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("ratio = 1.5"), Add("ratio = 2.5")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("urgent = false"), Add("urgent = true")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Add("item = (colour = red)"), Add("item = (colour = blue)")));
}

TEST(ChangeNumber, ReachesNumbersInsideListsAndServedResults)
{
    const std::string enter{"enter0 = shop0.enter()\n"};
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Shop(enter + "enter0.cart.pay(sums = [1, 2, 3])\n"),
                                Shop(enter + "enter0.cart.pay(sums = [1, 2, 4])\n")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeNumber, Shop("serve Listener { sold: return (more = false) }\n"),
                                Shop("serve Listener { sold: return (more = true) }\n")));
}

TEST(ChangeNumber, KeepsFloatsWithinTheirWidthAtTheLimit)
{
    EXPECT_GT(Bench{}.Results(ChangeNumber, Add("ratio = 3.4028235e+38")).size(), 5U);
    EXPECT_GT(Bench{}.Results(ChangeNumber, Add("ratio = nan")).size(), 5U);
}

} // namespace
} // namespace mpfuzz::mutate
