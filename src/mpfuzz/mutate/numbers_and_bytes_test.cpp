#include <mpfuzz/mutate/test_mutator.h>

#include <algorithm>

namespace mpfuzz::mutate {
namespace {

TEST(ChangeNumber, ReachesNeighboursFlippedBitsAndLimits)
{
    for (const char* to : {"1000", "1002", "1003", "-1001", "2002", "500", "997", "0", "2147483647", "-2147483648"}) {
        EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Add("item = (price = 1001)"),
                                            Add("item = (price = " + std::string{to} + ")")))
            << to;
    }
}

TEST(ChangeNumber, ReachesAnotherByteInOneStep)
{
    // 0x3e9 to 0x335.
    EXPECT_TRUE(
        MutatorTester{}.Reaches(ChangeNumber, Add("item = (price = 1001)"), Add("item = (price = 821)"), 100'000));
}

TEST(ChangeNumber, WrapsAroundWithinItsType)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Add("count = 255"), Add("count = 0")));
    EXPECT_TRUE(
        MutatorTester{}.Reaches(ChangeNumber, Add("item = (price = 2147483647)"), Add("item = (price = -2147483648)")));
}

TEST(ChangeNumber, ReachesOtherFloatsBoolsAndEnumerants)
{
    for (const char* to : {"2.5", "0.5", "-1.5", "3", "inf", "-0"}) {
        EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Add("item = (weight = 1.5)"),
                                            Add("item = (weight = " + std::string{to} + ")")))
            << to;
    }
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Add("ratio = 1.5"), Add("ratio = 2.5")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Add("urgent = false"), Add("urgent = true")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Add("item = (colour = red)"), Add("item = (colour = blue)")));
}

TEST(ChangeNumber, ReachesNumbersInsideListsAndServedResults)
{
    const std::string enter{"enter0 = shop0.enter()\n"};
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Shop(enter + "enter0.cart.pay(sums = [1, 2, 3])\n"),
                                        Shop(enter + "enter0.cart.pay(sums = [1, 2, 4])\n")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeNumber, Shop("serve Listener { sold: return (more = false) }\n"),
                                        Shop("serve Listener { sold: return (more = true) }\n")));
}

TEST(ChangeNumber, KeepsFloatsWithinTheirWidthAtTheLimit)
{
    EXPECT_GT(MutatorTester{}.Results(ChangeNumber, Add("ratio = 3.4028235e+38")).size(), 5U);
    EXPECT_GT(MutatorTester{}.Results(ChangeNumber, Add("ratio = nan")).size(), 5U);
}

std::string Enter(std::string_view name) { return Shop("shop0.enter(name = " + std::string{name} + ")\n"); }
std::string Badge(std::string_view hex)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(badge = 0x\"" + std::string{hex} + "\")\n");
}

TEST(ChangeBytes, ReachesErasedDuplicatedCutAndSwappedBytes)
{
    for (const char* to :
         {"\"bcd\"", "\"abd\"", "\"ad\"", "\"aabcd\"", "\"abcbcd\"", "\"ab\"", "\"\"", "\"dbca\"", "\"abce\""}) {
        EXPECT_TRUE(MutatorTester{}.Reaches(ChangeBytes, Enter("\"abcd\""), Enter(to))) << to;
    }
}

TEST(ChangeBytes, ReachesFlippedOverwrittenAndInsertedBytes)
{
    for (const char* to : {"11220033", "11ff33", "112232", "112237", "ff112233", "11223380"}) {
        EXPECT_TRUE(MutatorTester{}.Reaches(ChangeBytes, Badge("112233"), Badge(to), 10'000)) << to;
    }
}

TEST(ChangeBytes, ReachesBytesFromNull)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeBytes, Enter("null"), Enter("\"\"")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeBytes, Enter("null"), Enter("\"hello\"")));
}

TEST(ChangeBytes, MakesNothingLongerThanTheLongestBlob)
{
    const std::string from{Enter("\"" + std::string(4096, 'a') + "\"")};
    const auto results{MutatorTester{}.Results(ChangeBytes, from, 300)};
    EXPECT_GT(results.size(), 100U);
    for (const std::string& result : results) {
        const program::Program program{MustParse(result)};
        const auto& call{std::get<program::Call>(program.steps.at(2))};
        EXPECT_LE(call.arguments.Find(0)->As<program::Blob>()->bytes.size(), 4096U);
    }
}

//! Always writes the same bytes, or as many of them as fit.
Hints Put(std::string_view bytes)
{
    return [bytes](std::span<uint8_t> buffer, size_t max) {
        const size_t length{std::min(max, bytes.size())};
        std::copy_n(bytes.begin(), length, buffer.data());
        return length;
    };
}

TEST(HintValue, ReachesBytesThatTheEngineKnows)
{
    MutatorTester tester;
    tester.hints = Put("magic");
    EXPECT_TRUE(tester.Reaches(HintValue, Add("badge = 0x\"00\""), Add("badge = 0x\"6d61676963\""), 10));
    EXPECT_TRUE(
        tester.Reaches(HintValue, Shop("shop0.enter(name = \"\")\n"), Shop("shop0.enter(name = \"magic\")\n"), 10));
}

TEST(HintValue, ShowsTheEngineNumbersLittleEndianAtTheirOwnWidth)
{
    MutatorTester tester;
    tester.hints = Put("\xfe\xff\xff\xff\xff");
    EXPECT_TRUE(tester.Reaches(HintValue, Add("item = (price = 7)"), Add("item = (price = -2)"), 10));
    EXPECT_TRUE(tester.Reaches(HintValue, Add("count = 7"), Add("count = 254"), 10));
}

TEST(HintValue, ShowsTheEngineTheOldBytes)
{
    MutatorTester tester;
    tester.hints = [](std::span<uint8_t> bytes, size_t) {
        std::ranges::reverse(bytes);
        return bytes.size();
    };
    EXPECT_TRUE(tester.Reaches(HintValue, Add("badge = 0x\"010203\""), Add("badge = 0x\"030201\""), 10));
}

TEST(HintValue, DoesNothingWithoutHints)
{
    MutatorTester tester;
    EXPECT_EQ(tester.Results(HintValue, Add("count = 7"), 20).size(), 1U);
    tester.hints = Put("x");
    EXPECT_EQ(tester.Results(HintValue, Add("count = 7"), 20), std::vector{Canonical(Add("count = 120"))});
}

} // namespace
} // namespace mpfuzz::mutate
