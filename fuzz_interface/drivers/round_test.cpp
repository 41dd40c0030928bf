#include <fuzz_interface/drivers/round.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <stdexcept>

namespace mpfuzz::fuzz_interface {
namespace {

using testing::HasSubstr;

std::string Verdict(std::vector<Step> steps)
{
    Rounds rounds{std::chrono::milliseconds{10'000}};
    const auto failure{rounds.Run(std::move(steps))};
    return failure ? failure->text : "content";
}

Step Returning(uint64_t value, Step::Ending ending)
{
    return {.text = "f()", .work = [value] { return value; }, .ending = ending, .low = 3, .high = 5};
}

Step Throwing(Step::Ending ending)
{
    return {.text = "f()", .work = []() -> uint64_t { throw std::runtime_error{"gone"}; }, .ending = ending};
}

TEST(Rounds, CompareValues)
{
    EXPECT_EQ(Verdict({Returning(3, Step::Ending::VALUE)}), "content");
    EXPECT_EQ(Verdict({Returning(5, Step::Ending::EITHER)}), "content");
    EXPECT_THAT(Verdict({Returning(6, Step::Ending::VALUE)}), HasSubstr("f(): expected 3 to 5, got 6"));
    EXPECT_THAT(Verdict({Returning(2, Step::Ending::EITHER)}), HasSubstr("f(): expected 3 to 5, got 2"));
    EXPECT_THAT(Verdict({Returning(3, Step::Ending::ERROR)}), HasSubstr("f(): expected an exception, got 3"));
}

TEST(Rounds, CompareExceptions)
{
    EXPECT_EQ(Verdict({Throwing(Step::Ending::ERROR)}), "content");
    EXPECT_EQ(Verdict({Throwing(Step::Ending::EITHER)}), "content");
    EXPECT_THAT(Verdict({Throwing(Step::Ending::VALUE)}), HasSubstr("expected a value, 0, got thrown: gone"));
    const Step odd{.text = "f()", .work = []() -> uint64_t { throw 7; }, .ending = Step::Ending::ERROR};
    EXPECT_THAT(Verdict({odd}), HasSubstr("expected an exception derived from std::exception"));
}

TEST(Rounds, MakeTheirCallsAtTheSameTime)
{
    std::barrier all{HANDS};
    const Step step{.text = "f()", .work = [&] { return all.arrive_and_wait(), uint64_t{0}; }};
    EXPECT_EQ(Verdict({step, step, step}), "content");
}

TEST(Rounds, TellTheHistory)
{
    Rounds rounds{std::chrono::milliseconds{10'000}};
    EXPECT_FALSE(rounds.Run({{.text = "first", .work = [] { return uint64_t{0}; }}}));
    EXPECT_THAT(rounds.Fail("wrong").text, HasSubstr("wrong\nwhat led there (| at the same time):\n  first → 0\n"));
}

} // namespace
} // namespace mpfuzz::fuzz_interface
