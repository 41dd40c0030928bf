#include <mpfuzz/observe/outcome_features.h>

#include <gtest/gtest.h>

#include <vector>

namespace mpfuzz::observe {
namespace {

using trace::Outcome;
using trace::Status;

//! Features of a run: `c0 = connect`, `main = c0.bootstrap`, then a call of each of these methods of interface 0, which
//! ends with the given outcome.
std::vector<uint8_t> Features(const std::vector<std::pair<uint16_t, Outcome>>& calls)
{
    program::Program program{.steps = {program::Connect{}, program::Bootstrap{}}};
    trace::Trace trace;
    trace.outcomes = {{.status = Status::DONE}, {.status = Status::ANSWERED}};
    for (const auto& [method, outcome] : calls) {
        program.steps.emplace_back(program::Call{.target = {.step = 1}, .method = {0, method}});
        trace.outcomes.push_back(outcome);
    }
    std::vector<uint8_t> counters(OUTCOME_COUNTERS);
    MarkOutcomes(program, trace, counters);
    return counters;
}

constexpr Outcome Ended(Status status) { return {.status = status}; }

Outcome Failed(const char* message) { return {.status = Status::EXCEPTION, .message = message}; }

TEST(MarkOutcomes, TheSameRunHasTheSameFeatures)
{
    EXPECT_EQ(Features({{1, Ended(Status::ANSWERED)}, {2, Failed("no")}}),
              Features({{1, Ended(Status::ANSWERED)}, {2, Failed("no")}}));
}

TEST(MarkOutcomes, AnotherMethodOrAnotherOutcomeHasOtherFeatures)
{
    const auto answered{Features({{1, Ended(Status::ANSWERED)}})};
    EXPECT_NE(answered, Features({{2, Ended(Status::ANSWERED)}}));
    EXPECT_NE(answered, Features({{1, Ended(Status::UNANSWERED)}}));
    EXPECT_NE(answered, Features({{1, Failed("")}}));
}

TEST(MarkOutcomes, AnotherOrderOfAnsweredCallsHasOtherFeatures)
{
    const auto a{Ended(Status::ANSWERED)};
    EXPECT_NE(Features({{1, a}, {2, a}, {1, a}}), Features({{1, a}, {1, a}, {2, a}}));
}

TEST(MarkOutcomes, TextsDifferInTheirWordsAndNotInTheirNumbers)
{
    EXPECT_EQ(Features({{1, Failed("bad height 12")}}), Features({{1, Failed("bad height 345")}}));
    EXPECT_NE(Features({{1, Failed("bad height 12")}}), Features({{1, Failed("bad hash 12")}}));
}

TEST(MarkOutcomes, ASkippedStepHasNoFeature) { EXPECT_EQ(Features({{1, Ended(Status::SKIPPED)}}), Features({})); }

} // namespace
} // namespace mpfuzz::observe
