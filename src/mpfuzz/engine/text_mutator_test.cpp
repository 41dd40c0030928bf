#include <mpfuzz/engine/text_mutator.h>

#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/test_mutator.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace mpfuzz::engine {
namespace {

constexpr size_t MAX_SIZE{64 * 1024};

class TextMutatorTest : public testing::Test
{
protected:
    //! A canonical text of a valid program with at least one step.
    static bool IsProgram(const std::string& text)
    {
        const auto parsed{program::Parse(mutate::ShopSchema(), text)};
        return parsed && !parsed->steps.empty() && program::Print(mutate::ShopSchema(), *parsed) == text;
    }

    uint64_t TotalProductive() const
    {
        const auto& counts{m_mutator.GetMutatorStatistics().counts};
        return std::accumulate(counts.begin(), counts.end(), uint64_t{0},
                               [](uint64_t sum, const mutate::Count& count) { return sum + count.productive; });
    }

    program::TargetRules m_rules{mutate::ShopRules()};
    TextMutator m_mutator{mutate::ShopSchema(), m_rules, {}};
};

TEST_F(TextMutatorTest, MakesAProgramFromAnyBytes)
{
    for (const std::string& bytes : {std::string{}, std::string{"\n"}, std::string{" "}, std::string(3, '\0'),
                                     std::string{"c0 = connect\nno such step\n"}, std::string{"\xff\xfe"}}) {
        for (uint64_t seed{0}; seed < 20; ++seed) {
            EXPECT_TRUE(IsProgram(m_mutator.Mutate(bytes, MAX_SIZE, seed))) << bytes;
            EXPECT_TRUE(IsProgram(m_mutator.CrossOver(bytes, bytes, MAX_SIZE, seed))) << bytes;
        }
    }
}

TEST_F(TextMutatorTest, RepeatedMutationsGivePrograms)
{
    std::string a{mutate::Shop("")}, b{a};
    for (uint64_t seed{0}; seed < 300; ++seed) {
        a = m_mutator.Mutate(a, MAX_SIZE, seed);
        ASSERT_TRUE(IsProgram(a)) << a;
        b = m_mutator.CrossOver(b, a, MAX_SIZE, seed);
        ASSERT_TRUE(IsProgram(b)) << b;
    }
}

TEST_F(TextMutatorTest, ChangesItsInput)
{
    const std::string text{mutate::Shop("")};
    for (uint64_t seed{0}; seed < 50; ++seed) EXPECT_NE(m_mutator.Mutate(text, MAX_SIZE, seed), text);
}

TEST_F(TextMutatorTest, StaysWithinTheMaximumSize)
{
    const std::string text{mutate::Shop("")};
    for (const size_t max : {text.size(), text.size() + 40, size_t{200}}) {
        for (uint64_t seed{0}; seed < 50; ++seed) {
            EXPECT_LE(m_mutator.Mutate(text, max, seed).size(), max);
            EXPECT_LE(m_mutator.CrossOver(text, text, max, seed).size(), max);
        }
    }
}

TEST_F(TextMutatorTest, TheSameSeedsGiveTheSameResults)
{
    TextMutator other{mutate::ShopSchema(), m_rules, {}};
    std::string text{mutate::Shop("")};
    for (uint64_t seed{0}; seed < 50; ++seed) {
        const std::string next{m_mutator.Mutate(text, MAX_SIZE, seed)};
        ASSERT_EQ(other.Mutate(text, MAX_SIZE, seed), next);
        text = next;
    }
}

TEST_F(TextMutatorTest, DoesNotParseItsOwnResultsAgain)
{
    const std::string text{m_mutator.Mutate("", MAX_SIZE, 1)};
    const uint64_t misses{m_mutator.GetCache().Misses()};
    EXPECT_EQ(program::Print(mutate::ShopSchema(), m_mutator.Read(text)), text);
    EXPECT_EQ(m_mutator.GetCache().Misses(), misses);
}

TEST_F(TextMutatorTest, CountsOnlyTheMutatorsOfTheLatestTextAsProductive)
{
    std::string first{mutate::Shop("")};
    std::string second;
    // Some results are newly generated, without a mutator.
    for (uint64_t seed{0}; second.empty() && seed < 100; ++seed) {
        second = m_mutator.Mutate(first, MAX_SIZE, seed);
        ASSERT_TRUE(m_mutator.TakeMade());
        ASSERT_FALSE(m_mutator.TakeMade()) << "the engine runs it once";
        ASSERT_EQ(TotalProductive(), 0);
        m_mutator.MadeBroughtFeatures();
        if (TotalProductive() == 0) second.clear();
    }
    EXPECT_GT(TotalProductive(), 0);
}

TEST(ProgramCache, ForgetsProgramsThatAreNotUsed)
{
    ProgramCache cache;
    const std::string kept{mutate::Shop("")};
    const std::string lost{"c0 = connect\n"};
    cache.Read(mutate::ShopSchema(), kept);
    cache.Read(mutate::ShopSchema(), lost);
    for (int i{0}; i < 20'000; ++i) {
        cache.Put(std::to_string(i), {});
        if (i % 1'000 == 0) cache.Read(mutate::ShopSchema(), kept);
    }
    const uint64_t misses{cache.Misses()};
    cache.Read(mutate::ShopSchema(), kept);
    EXPECT_EQ(cache.Misses(), misses);
    cache.Read(mutate::ShopSchema(), lost);
    EXPECT_EQ(cache.Misses(), misses + 1);
}

} // namespace
} // namespace mpfuzz::engine
