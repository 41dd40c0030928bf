#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

TEST(PipelineCall, ReachesTheSameProgramWithoutAnAwaitOrWithoutAny)
{
    const std::string from{Shop("enter0 = shop0.enter()\nawait enter0\npay0 = enter0.cart.pay()\nawait pay0\n")};
    EXPECT_TRUE(Bench{}.Reaches(PipelineCall, from,
                                Shop("enter0 = shop0.enter()\npay0 = enter0.cart.pay()\nawait pay0\n"), 100));
    EXPECT_TRUE(
        Bench{}.Reaches(PipelineCall, from, Shop("enter0 = shop0.enter()\nawait enter0\nenter0.cart.pay()\n"), 100));
    EXPECT_TRUE(Bench{}.Reaches(PipelineCall, from, Shop("enter0 = shop0.enter()\nenter0.cart.pay()\n"), 100));
}

} // namespace
} // namespace mpfuzz::mutate
