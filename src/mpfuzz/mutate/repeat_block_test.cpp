#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

const std::string BLOCK{"enter0 = shop0.enter(name = \"a\")\nenter0.cart.pay()\n"};

TEST(RepeatBlock, ReachesCopiesOnTheirOwnResults)
{
    EXPECT_TRUE(Bench{}.Reaches(RepeatBlock, Shop(BLOCK),
                                Shop(BLOCK + "enter1 = shop0.enter(name = \"a\")\nenter1.cart.pay()\n"), 500));
}

TEST(RepeatBlock, ReachesManyCopiesOfOneStep)
{
    EXPECT_TRUE(Bench{}.Reaches(RepeatBlock, Shop("shop0.ping()\n"),
                                Shop("shop0.ping()\nshop0.ping()\nshop0.ping()\nshop0.ping()\nshop0.ping()\n")));
}

TEST(RepeatBlock, MovesWhatFollows)
{
    EXPECT_TRUE(Bench{}.Reaches(RepeatBlock, Shop("shop0.ping()\n" + BLOCK),
                                Shop("shop0.ping()\nshop0.ping()\n" + BLOCK), 500));
}

} // namespace
} // namespace mpfuzz::mutate
