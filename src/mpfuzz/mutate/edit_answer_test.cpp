#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Add(std::string_view edits)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(badge = $enter0.badge" + std::string{edits} + ")\n");
}

TEST(EditAnswer, ReachesOneMoreOneFewerAndAnother)
{
    EXPECT_TRUE(Bench{}.Reaches(EditAnswer, Add(""), Add("|cut(0)")));
    EXPECT_TRUE(Bench{}.Reaches(EditAnswer, Add("|flip(7)|cut(3)"), Add("|cut(3)")));
    EXPECT_TRUE(Bench{}.Reaches(EditAnswer, Add("|flip(7)"), Add("|flip(8)")));
    EXPECT_TRUE(Bench{}.Reaches(EditAnswer, Add("|flip(7)"), Add("|flip(6)")));
}

TEST(EditAnswer, NeedsAnAnswer)
{
    EXPECT_EQ(Bench{}.Results(EditAnswer, Shop("shop0.enter(name = \"a\")\n"), 20).size(), 1U);
}

} // namespace
} // namespace mpfuzz::mutate
