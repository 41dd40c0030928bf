#include <mpfuzz/mutate/test_mutator.h>

#include <algorithm>

namespace mpfuzz::mutate {
namespace {

std::string Add(std::string_view arguments)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(" + std::string{arguments} + ")\n");
}

//! Always puts the same bytes in, as far as they fit.
Hints Put(std::string_view bytes)
{
    return [bytes](std::span<uint8_t> buffer, size_t max) {
        const size_t length{std::min(max, bytes.size())};
        std::copy_n(bytes.begin(), length, buffer.data());
        return length;
    };
}

TEST(HintValue, ReachesWhatTheEngineKnows)
{
    Bench bench;
    bench.hints = Put("magic");
    EXPECT_TRUE(bench.Reaches(HintValue, Add("badge = 0x\"00\""), Add("badge = 0x\"6d61676963\""), 10));
    EXPECT_TRUE(
        bench.Reaches(HintValue, Shop("shop0.enter(name = \"\")\n"), Shop("shop0.enter(name = \"magic\")\n"), 10));
}

TEST(HintValue, AsksForNumbersAtTheirOwnWidthLittleEndian)
{
    Bench bench;
    bench.hints = Put("\xfe\xff\xff\xff\xff");
    EXPECT_TRUE(bench.Reaches(HintValue, Add("item = (price = 7)"), Add("item = (price = -2)"), 10));
    EXPECT_TRUE(bench.Reaches(HintValue, Add("count = 7"), Add("count = 254"), 10));
}

TEST(HintValue, ShowsTheEngineTheBytesThatAreThere)
{
    Bench bench;
    bench.hints = [](std::span<uint8_t> bytes, size_t) {
        std::ranges::reverse(bytes);
        return bytes.size();
    };
    EXPECT_TRUE(bench.Reaches(HintValue, Add("badge = 0x\"010203\""), Add("badge = 0x\"030201\""), 10));
}

TEST(HintValue, DoesNothingWithoutHints) { EXPECT_EQ(Bench{}.Results(HintValue, Add("count = 7"), 20).size(), 1U); }

} // namespace
} // namespace mpfuzz::mutate
