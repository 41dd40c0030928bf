#include <mpfuzz/engine/input_minimizer.h>

#include <mpfuzz/mutate/test_mutator.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace mpfuzz::engine {
namespace {

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

TEST_F(MinimizeInputTest, LeavesOutStepsThatAreNotNeeded)
{
    const auto refined{MinimizeInput(Schema(), m_program, {{1, 1}}, [&](const auto& p) { return Run(p); })};
    ASSERT_TRUE(refined);
    EXPECT_EQ(mutate::Print(*refined), mutate::Shop(""));
}

TEST_F(MinimizeInputTest, KeepsHowOftenSomethingHasToHappen)
{
    const auto refined{MinimizeInput(Schema(), m_program, {{2, 2}}, [&](const auto& p) { return Run(p); })};
    ASSERT_TRUE(refined);
    EXPECT_EQ(program::CountCalls(*refined), 2);
}

TEST_F(MinimizeInputTest, DropsWhatDoesNotComeBack)
{
    EXPECT_FALSE(MinimizeInput(Schema(), m_program, {{7, 1}}, [&](const auto& p) { return Run(p); }));
    EXPECT_EQ(m_runs, 1);
    // What comes back decides.
    const auto refined{MinimizeInput(Schema(), m_program, {{1, 1}, {7, 1}}, [&](const auto& p) { return Run(p); })};
    ASSERT_TRUE(refined);
    EXPECT_EQ(mutate::Print(*refined), mutate::Shop(""));
}

TEST_F(MinimizeInputTest, TakesNoCandidateThatShowsAFinding)
{
    const auto only_whole{[&](const program::Program& program) {
        return program == m_program ? Run(program) : std::span<const uint8_t>{};
    }};
    const auto refined{MinimizeInput(Schema(), m_program, {{1, 1}}, only_whole)};
    ASSERT_TRUE(refined);
    EXPECT_EQ(*refined, m_program);
}

} // namespace
} // namespace mpfuzz::engine
