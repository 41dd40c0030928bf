#include <mpfuzz/observe/regex.h>

#include <mpfuzz/base/check.h>

#include <gtest/gtest.h>

#include <string>

namespace mpfuzz::observe {
namespace {

TEST(Regex, FindsTheLeftmostMatchAndItsGroups)
{
    const Regex regex{R"((?<key>\w+)=(?<value>\d+)?(?<unit>ms|s)?)"};
    const auto match{regex.Search("wait: a=12ms b=")};
    ASSERT_TRUE(match);
    EXPECT_EQ(match->Begin(), 6U);
    EXPECT_EQ(match->End(), 12U);
    EXPECT_EQ(match->Group("key"), "a");
    EXPECT_EQ(match->Group("value"), "12");
    EXPECT_EQ(match->Group("unit"), "ms");
    EXPECT_EQ(match->Group("other"), std::nullopt);
    const auto next{regex.Search("wait: a=12ms b=", match->End())};
    ASSERT_TRUE(next);
    EXPECT_EQ(next->Group("key"), "b");
    EXPECT_EQ(next->Group("value"), std::nullopt) << "the group did not match";
    EXPECT_FALSE(regex.Search("wait: a=12ms b=", next->End()));
}

TEST(Regex, MatchesLinesOfAnyBytes)
{
    const Regex regex{"^b.*$"};
    const std::string text{"ab\nb\0\xff\r\nc", 9};
    const auto match{regex.Search(text)};
    ASSERT_TRUE(match);
    EXPECT_EQ(text.substr(match->Begin(), match->End() - match->Begin()), (std::string{"b\0\xff\r", 4}));
    EXPECT_FALSE(regex.Search("")) << "an empty text is a text too";
}

TEST(Regex, GivesUpOnATextThatTakesTooManySteps)
{
    const Regex exponential{"^(?:a+)+$"};
    EXPECT_TRUE(exponential.Search(std::string(30, 'a')));
    EXPECT_FALSE(exponential.Search(std::string(5'000, 'a') + "b"));
}

TEST(Regex, AMalformedPatternIsOurOwnBug)
{
    EXPECT_EXIT(Regex{"a("}, testing::ExitedWithCode(base::EXIT_OWN_BUG), "missing closing parenthesis");
}

} // namespace
} // namespace mpfuzz::observe
