#include <fuzz_interface/drivers/compare.h>

#include <domains/bitcoin/transaction.h>

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace mpfuzz::fuzz_interface {
namespace {

using testing::HasSubstr;

TEST(Identical, ComparesBits)
{
    const double nan{std::nan("1")};
    EXPECT_TRUE(Identical(std::optional{nan}, std::optional{nan}));
    EXPECT_FALSE(Identical(std::optional{0.0}, std::optional{-0.0}));
    EXPECT_FALSE(Identical(Json{0.0}, Json{-0.0}));
    EXPECT_FALSE(Identical(Json{1}, Json{1.0}));
    EXPECT_TRUE(Identical(Json{1}, Json{1u}));
    EXPECT_TRUE(Identical(Json{nlohmann::json{{"a", {1, 2}}}}, Json{nlohmann::json{{"a", {1, 2}}}}));
    EXPECT_FALSE(Identical(Json{nlohmann::json{{"a", {1, 2}}}}, Json{nlohmann::json{{"a", {2, 1}}}}));
    EXPECT_FALSE(Identical(TransactionRef{}, std::make_shared<const domains::bitcoin::Transaction>()));
}

TEST(Compare, FindsAWrongValueAndAMissingException)
{
    const auto seven{Try([] { return 7; })};
    EXPECT_FALSE((Compare<int, int>("M", 1, 7, seven)));
    EXPECT_TRUE((Compare<int, int>("M", 1, 8, seven)));
    EXPECT_TRUE((Compare<int, int>("M", 1, Thrown{.kind = Thrown::Kind::STANDARD}, seven)));
}

TEST(Compare, ComparesTheTextOfAnExceptionOnlyIfAsked)
{
    const auto thrown{Try([]() -> int { throw std::runtime_error{"one"}; })};
    Thrown expected{.kind = Thrown::Kind::STANDARD, .error = {.code = 0, .message = "two"}};
    EXPECT_FALSE((Compare<int, int>("M", 1, expected, thrown)));
    expected.compare_text = true;
    EXPECT_TRUE((Compare<int, int>("M", 1, expected, thrown)));
}

TEST(Mismatch, ShowsThePartOfALongTextThatDiffers)
{
    const std::string same(10'000, 'a');
    const std::string text{ToText({.method = "M", .argument = "x", .expected = same + "b", .got = same + "c"})};
    EXPECT_LT(text.size(), 1'000);
    EXPECT_THAT(text, HasSubstr("ab"));
    EXPECT_THAT(text, HasSubstr("ac"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
