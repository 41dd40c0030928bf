#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Enter(std::string_view name) { return Shop("shop0.enter(name = " + std::string{name} + ")\n"); }
std::string Badge(std::string_view hex)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(badge = 0x\"" + std::string{hex} + "\")\n");
}

TEST(ChangeBytes, ReachesErasedDuplicatedCutAndSwappedPieces)
{
    for (const char* to :
         {"\"bcd\"", "\"abd\"", "\"ad\"", "\"aabcd\"", "\"abcbcd\"", "\"ab\"", "\"\"", "\"dbca\"", "\"abce\""}) {
        EXPECT_TRUE(Bench{}.Reaches(ChangeBytes, Enter("\"abcd\""), Enter(to))) << to;
    }
}

TEST(ChangeBytes, ReachesFlippedOverwrittenAndInsertedBytes)
{
    for (const char* to : {"11220033", "11ff33", "112232", "112237", "ff112233", "11223380"}) {
        EXPECT_TRUE(Bench{}.Reaches(ChangeBytes, Badge("112233"), Badge(to), 10'000)) << to;
    }
}

TEST(ChangeBytes, ReachesBytesFromNull)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeBytes, Enter("null"), Enter("\"\"")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeBytes, Enter("null"), Enter("\"hello\"")));
}

TEST(ChangeBytes, StaysWithinTheLongestBlob)
{
    const std::string from{Enter("\"" + std::string(4096, 'a') + "\"")};
    for (const std::string& result : Bench{}.Results(ChangeBytes, from, 300)) {
        const program::Program program{MustParse(result)};
        const auto& call{std::get<program::Call>(program.steps.at(2))};
        EXPECT_LE(call.arguments.Find(0)->As<program::Blob>()->bytes.size(), 4096U);
    }
}

} // namespace
} // namespace mpfuzz::mutate
