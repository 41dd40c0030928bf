#include <mpfuzz/engine/corpus.h>

#include <mpfuzz/mutate/test_mutator.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

namespace mpfuzz::engine {
namespace {

//! How often each program is picked; "" counts the calls that leave the choice to the engine.
std::map<std::string, int> Count(const SeedSchedule& seed_schedule, int turns)
{
    base::Rng rng{1};
    std::map<std::string, int> picked;
    for (int i{0}; i < turns; ++i) ++picked[std::string{seed_schedule.Pick(rng).value_or("")}];
    return picked;
}

TEST(SeedSchedule, PicksNothingIfThereIsNoProgram) { EXPECT_EQ(Count({}, 10)[""], 10); }

TEST(SeedSchedule, LeavesHalfOfTheChoicesToTheEngine)
{
    SeedSchedule seed_schedule;
    seed_schedule.Add("new");
    EXPECT_NEAR(Count(seed_schedule, 1'000)[""], 500, 60);
}

TEST(SeedSchedule, PicksTheTwoNewestMoreOftenThanAllOthersTogether)
{
    SeedSchedule seed_schedule;
    for (int i{0}; i < 14; ++i) seed_schedule.Add("old");
    seed_schedule.Add("newer");
    seed_schedule.Add("newest");
    auto picked{Count(seed_schedule, 2'000)};
    EXPECT_GT(picked["newest"] + picked["newer"], picked["old"]);
    EXPECT_GT(picked["newest"], 200);
    EXPECT_GT(picked["newer"], 200);
    EXPECT_GT(picked["old"], 100);
}

TEST(SeedSchedule, ForgetsTheOldest)
{
    SeedSchedule seed_schedule;
    seed_schedule.Add("old");
    for (int i{0}; i < 100; ++i) seed_schedule.Add("new");
    EXPECT_EQ(Count(seed_schedule, 1'000).count("old"), 0);
}

const schema::Schema& Schema() { return mutate::ShopSchema(); }

//! Counter 1 counts bootstraps, counter 2 pings.
class MinimizeInputTest : public testing::Test
{
protected:
    std::span<const uint8_t> Run(const program::Program& program)
    {
        ++m_runs;
        std::ranges::fill(m_counters, uint8_t{0});
        for (const program::Step& step : program.steps) {
            m_counters[1] += std::holds_alternative<program::Bootstrap>(step);
            m_counters[2] += std::holds_alternative<program::Call>(step);
        }
        return m_counters;
    }

    std::vector<uint8_t> m_counters = std::vector<uint8_t>(COUNTERS);
    int m_runs{0};
    const program::Program m_program{mutate::MustParse(mutate::Shop("shop0.ping()\nc1 = connect\nshop0.ping()\n"))};
};

TEST_F(MinimizeInputTest, RemovesStepsThatAreNotNeeded)
{
    const auto minimized{MinimizeInput(Schema(), m_program, {{1, 1}}, [&](const auto& p) { return Run(p); })};
    ASSERT_TRUE(minimized);
    EXPECT_EQ(mutate::Print(*minimized), mutate::Shop(""));
}

TEST_F(MinimizeInputTest, KeepsAsManyCallsAsTheFeatureNeeds)
{
    const auto minimized{MinimizeInput(Schema(), m_program, {{2, 2}}, [&](const auto& p) { return Run(p); })};
    ASSERT_TRUE(minimized);
    EXPECT_EQ(program::CountCalls(*minimized), 2);
}

TEST_F(MinimizeInputTest, IgnoresFeaturesThatTheSecondRunDoesNotReach)
{
    EXPECT_FALSE(MinimizeInput(Schema(), m_program, {{7, 1}}, [&](const auto& p) { return Run(p); }));
    EXPECT_EQ(m_runs, 1);
    // The features that are reached again remain.
    const auto minimized{MinimizeInput(Schema(), m_program, {{1, 1}, {7, 1}}, [&](const auto& p) { return Run(p); })};
    ASSERT_TRUE(minimized);
    EXPECT_EQ(mutate::Print(*minimized), mutate::Shop(""));
}

TEST_F(MinimizeInputTest, RejectsCandidatesThatShowAFinding)
{
    const auto only_whole{[&](const program::Program& program) {
        return program == m_program ? Run(program) : std::span<const uint8_t>{};
    }};
    const auto minimized{MinimizeInput(Schema(), m_program, {{1, 1}}, only_whole)};
    ASSERT_TRUE(minimized);
    EXPECT_EQ(*minimized, m_program);
}

//! The text after removing every step that `reaches_the_same` does not need.
std::string Trim(const std::string& text, const std::function<bool(const std::string&)>& reaches_the_same)
{
    const schema::Schema& schema{mutate::ShopSchema()};
    Trimmer trimmer{mutate::MustParse(text), text.size()};
    std::string best{text};
    size_t done{0};
    for (trimmer.Advance(schema); trimmer.Done() < trimmer.Total(); trimmer.Advance(schema)) {
        EXPECT_GE(trimmer.Done(), done);
        done = trimmer.Done();
        EXPECT_LE(trimmer.Candidate().size(), text.size());
        const bool same{reaches_the_same(trimmer.Candidate())};
        if (same) best = trimmer.Candidate();
        trimmer.Judged(same);
    }
    return best;
}

const std::string TWO_CONNECTIONS{"c0 = connect\n"
                                  "shop0 = c0.bootstrap Shop\n"
                                  "c1 = connect\n"
                                  "shop1 = c1.bootstrap Shop\n"};

TEST(Trimmer, KeepsTheNeededSteps)
{
    const auto has_bootstrap{[](const std::string& text) { return text.find("bootstrap") != std::string::npos; }};
    EXPECT_EQ(Trim(TWO_CONNECTIONS, has_bootstrap), "c0 = connect\nshop0 = c0.bootstrap Shop\n");
}

TEST(Trimmer, ChangesNothingIfAllStepsAreNeeded)
{
    EXPECT_EQ(Trim(TWO_CONNECTIONS, [](const std::string&) { return false; }), TWO_CONNECTIONS);
}

TEST(Trimmer, NeverOffersAnEmptyProgram)
{
    EXPECT_EQ(Trim(TWO_CONNECTIONS, [](const std::string&) { return true; }), "c0 = connect\n");
}

} // namespace

} // namespace mpfuzz::engine
