#include <mpfuzz/engine/harness.h>

#include <gtest/gtest.h>

#include <initializer_list>

namespace mpfuzz::engine {
namespace {

//! The programs differ only in their delay. For each program the test gives the number of threads that the target has
//! afterwards.
class ResidueTest : public testing::Test
{
protected:
    //! Programs FIRST, FIRST + 1, … on a target that started with 2 threads.
    void Run(uint32_t first, std::initializer_list<uint32_t> threads_after)
    {
        for (const uint32_t threads : threads_after) {
            const program::Program program{.steps = {program::Delay{.ms = first++}}};
            m_residue.Add(
                std::make_shared<const program::Program>(program),
                {.baseline = {2, 5, 1'000}, .peak = {99, 99, 9'999}, .after = trace::Usage{threads, 5, 1'000}});
        }
    }

    std::vector<uint32_t> Numbers(size_t measure) const
    {
        std::vector<uint32_t> numbers;
        const auto suspects{m_residue.Suspects()};
        for (const auto& program : suspects[measure]) {
            numbers.push_back(std::get<program::Delay>(program->steps.at(0)).ms);
        }
        return numbers;
    }
    std::vector<uint32_t> Threads() const { return Numbers(0); }

    using Of = std::vector<uint32_t>;
    Residue m_residue;
};

TEST_F(ResidueTest, SuspectsTheProgramsAfterWhichUsageIsHigher)
{
    Run(1, {2, 3, 3, 3, 5, 5});
    EXPECT_EQ(Threads(), (Of{2, 5}));
    EXPECT_EQ(Numbers(1), Of{});
    EXPECT_EQ(Numbers(2), Of{});
}

TEST_F(ResidueTest, ForgetsProgramsWhoseThreadsAreGone)
{
    Run(1, {6, 2});
    EXPECT_EQ(Threads(), Of{});
    Run(3, {4, 9, 9, 4});
    EXPECT_EQ(Threads(), (Of{3}));
}

TEST_F(ResidueTest, SuspectsAllProgramsThatMayHaveLeftTheRest)
{
    // Programs 1 and 2 started four threads. Three are gone: the last one may be from either program.
    Run(1, {4, 6, 3});
    EXPECT_EQ(Threads(), (Of{1, 2, 3}));
    Run(4, {3, 4});
    EXPECT_EQ(Threads(), (Of{1, 2, 3, 5}));
}

TEST_F(ResidueTest, ForgetsAllIfUsageIsLowerThanAtTheStart)
{
    Run(1, {4, 1, 1});
    EXPECT_EQ(Threads(), Of{});
    Run(4, {3});
    EXPECT_EQ(Threads(), (Of{4}));
}

TEST_F(ResidueTest, ClearForgetsAllPrograms)
{
    Run(1, {7});
    m_residue.Clear();
    EXPECT_EQ(Threads(), Of{});
    Run(2, {3});
    EXPECT_EQ(Threads(), (Of{2}));
}

TEST_F(ResidueTest, KeepsTheLatestPrograms)
{
    for (uint32_t number{1}; number <= Residue::MAX_PROGRAMS + 10; ++number) Run(number, {2 + number});
    const auto threads{Threads()};
    ASSERT_EQ(threads.size(), Residue::MAX_PROGRAMS);
    EXPECT_EQ(threads.front(), 11U);
    EXPECT_EQ(threads.back(), Residue::MAX_PROGRAMS + 10);
}

} // namespace

} // namespace mpfuzz::engine
