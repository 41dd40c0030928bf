#include <mpfuzz/mutate/test_mutator.h>

#include <gmock/gmock.h>

namespace mpfuzz::mutate {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

//! A tester whose target compared these two numbers.
MutatorTester Compared(uint64_t left, uint64_t right)
{
    MutatorTester tester;
    tester.comparisons = [=] { return std::vector{std::pair{left, right}}; };
    return tester;
}

TEST(MatchComparison, MakesANumberEqualToTheOtherOperandOrItsNeighbour)
{
    const MutatorTester tester{Compared(0x5c1d93a7, 12)};
    const auto results{tester.Results(MatchComparison, Add("item = (price = 12)"), 100)};
    EXPECT_EQ(results.size(), 3U);
    for (const char* price : {"1545442215", "1545442214", "1545442216"}) {
        EXPECT_TRUE(tester.Reaches(MatchComparison, Add("item = (price = 12)"),
                                   Add("item = (price = " + std::string{price} + ")"), 100));
    }
}

TEST(MatchComparison, FindsANegativeNumberAtItsOwnWidthAndWidened)
{
    for (const uint64_t minus_two : {uint64_t{0xfffffffe}, uint64_t{0xfffffffffffffffe}}) {
        EXPECT_TRUE(Compared(minus_two, 1000)
                        .Reaches(MatchComparison, Add("item = (price = -2)"), Add("item = (price = 1000)"), 30));
    }
}

TEST(MatchComparison, ChangesOnlyNumbersThatWereCompared)
{
    EXPECT_EQ(Compared(13, 1000).Results(MatchComparison, Add("item = (price = 12), count = 7"), 30).size(), 1U);
    EXPECT_THAT(Compared(12, 1000).Results(MatchComparison, Add("item = (price = 12), count = 7"), 30),
                AllOf(SizeIs(3), Each(HasSubstr("count = 7"))));
    EXPECT_EQ(MutatorTester{}.Results(MatchComparison, Add("count = 7"), 30).size(), 1U);
}

TEST(MatchComparison, WritesIntoBytesInEitherByteOrder)
{
    const MutatorTester tester{Compared(0x0102, 0xa0b0)};
    EXPECT_TRUE(tester.Reaches(MatchComparison, Add("badge = 0x\"ff0201ff\""), Add("badge = 0x\"ffb0a0ff\""), 30));
    EXPECT_TRUE(tester.Reaches(MatchComparison, Add("badge = 0x\"ff0102ff\""), Add("badge = 0x\"ffa0b0ff\""), 30));
}

TEST(MatchComparison, LengthensATextWhoseTerminatingNulWasCompared)
{
    EXPECT_TRUE(Compared(0, 'y').Reaches(MatchComparison, Shop("shop0.enter(name = \"x\")\n"),
                                         Shop("shop0.enter(name = \"xy\")\n"), 30));
}

TEST(RelevantComparisons, AreThoseWithAnOperandInTheProgram)
{
    const auto program{MustParse(Add("item = (price = 12), badge = 0x\"ff0201ff\""))};
    const ComparisonList all{{12, 5}, {7, 0x0102}, {1'000'000, 2'000'000}};
    const ComparisonList relevant{RelevantComparisons(ShopSchema(), program, all)};
    EXPECT_EQ(relevant, (ComparisonList{{12, 5}, {0x0102, 7}}));
}

TEST(MatchComparison, GivesBytesAndListsTheOtherLength)
{
    EXPECT_TRUE(
        Compared(3, 5).Reaches(MatchComparison, Add("badge = 0x\"aaaaaa\""), Add("badge = 0x\"aaaaaa0000\""), 30));
    EXPECT_TRUE(Compared(3, 1).Reaches(MatchComparison,
                                       Shop("enter0 = shop0.enter()\nenter0.cart.pay(sums = [7, 8, 9])\n"),
                                       Shop("enter0 = shop0.enter()\nenter0.cart.pay(sums = [7])\n"), 30));
    // A list that would be too long is not made.
    EXPECT_EQ(Compared(1, UINT64_MAX - 5)
                  .Results(MatchComparison, Shop("enter0 = shop0.enter()\nenter0.cart.pay(sums = [7])\n"), 30)
                  .size(),
              1U);
}

} // namespace
} // namespace mpfuzz::mutate
