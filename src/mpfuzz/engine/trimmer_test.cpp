#include <mpfuzz/engine/trimmer.h>

#include <mpfuzz/mutate/test_mutator.h>

#include <gtest/gtest.h>

#include <functional>

namespace mpfuzz::engine {
namespace {

//! What is left when everything goes that `reaches_the_same` can do without.
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

TEST(Trimmer, LeavesWhatIsNeeded)
{
    const auto has_bootstrap{[](const std::string& text) { return text.find("bootstrap") != std::string::npos; }};
    EXPECT_EQ(Trim(TWO_CONNECTIONS, has_bootstrap), "c0 = connect\nshop0 = c0.bootstrap Shop\n");
}

TEST(Trimmer, ChangesNothingWhereEverythingIsNeeded)
{
    EXPECT_EQ(Trim(TWO_CONNECTIONS, [](const std::string&) { return false; }), TWO_CONNECTIONS);
}

TEST(Trimmer, NeverOffersAnEmptyProgram)
{
    EXPECT_EQ(Trim(TWO_CONNECTIONS, [](const std::string&) { return true; }), "c0 = connect\n");
}

} // namespace
} // namespace mpfuzz::engine
