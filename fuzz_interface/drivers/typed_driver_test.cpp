// The driver against the implementation itself, without a binding in between.
#include <fuzz_interface/drivers/typed_driver.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/base/rng.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace mpfuzz::fuzz_interface {
namespace {

std::optional<Mismatch> Drive(const Bugs& bugs, Choices& choices, uint64_t calls)
{
    const auto init{MakeImplementation(bugs)};
    return DriveTyped(*init->makeFuzz(), choices, calls);
}

std::optional<Mismatch> Drive(const Bugs& bugs, uint64_t seed, uint64_t calls)
{
    base::Rng rng{seed};
    Choices choices{rng};
    return Drive(bugs, choices, calls);
}

class TypedDriver : public testing::TestWithParam<uint64_t>
{
};

TEST_P(TypedDriver, IsSilentWithoutBugs)
{
    const auto wrong{Drive({}, /*seed=*/GetParam(), /*calls=*/2'000)};
    EXPECT_FALSE(wrong.has_value()) << ToText(*wrong);
}

TEST_P(TypedDriver, FindsEveryBug)
{
    constexpr uint64_t CALLS{20'000};
    for (const BugInfo& bug : AllBugs()) {
        SCOPED_TRACE(bug.name);
        Bugs bugs;
        bugs.*bug.flag = true;
        if (bug.crashes) {
            EXPECT_DEATH(Drive(bugs, GetParam(), CALLS), "");
        } else {
            const auto wrong{Drive(bugs, GetParam(), CALLS)};
            ASSERT_TRUE(wrong.has_value());
            EXPECT_NE(wrong->expected, wrong->got);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TypedDriver, testing::Range<uint64_t>(1, 6));

TEST(TypedDriver, SaysWhatWasWrong)
{
    Bugs bugs;
    bugs.optional_empty = true;
    const auto wrong{Drive(bugs, /*seed=*/1, /*calls=*/100'000)};
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(ToText(*wrong),
              "MaybeReverseText did not do what it should\n  with:   \"\"\n  should: \"\"\n  did:    absent\n");
}

TEST(TypedDriver, TakesItsChoicesFromBytes)
{
    // The third method, and all bits of a number from 8 bytes.
    const std::vector<uint8_t> bytes{2, 4, 0, 0, 0, 0, 1, 0, 0, 0};
    Bugs bugs;
    bugs.truncate_32 = true;
    Choices choices{bytes};
    const auto wrong{Drive(bugs, choices, /*calls=*/100)};
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(wrong->method, "RotateInt64");
    EXPECT_EQ(wrong->argument, "4294967296");
    EXPECT_TRUE(choices.Exhausted());
}

TEST(Mismatch, IsCutToWhereItDiffers)
{
    const std::string same(10'000, 'a');
    const std::string text{ToText({.method = "M", .argument = "x", .expected = same + "b", .got = same + "c"})};
    EXPECT_LT(text.size(), 1'000);
    EXPECT_THAT(text, testing::HasSubstr("ab"));
    EXPECT_THAT(text, testing::HasSubstr("ac"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
