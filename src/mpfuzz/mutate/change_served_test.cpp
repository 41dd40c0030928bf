#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Watch(std::string_view script)
{
    return Shop("shop0.watch(listener = serve Listener {" + std::string{script} + "})\n");
}

TEST(ChangeServed, ReachesAReactionMoreAndOneFewer)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeServed, Watch(""), Watch(" closed: return () ")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeServed, Watch(" sold: return () "), Watch("")));
    EXPECT_TRUE(
        Bench{}.Reaches(ChangeServed, Watch(" sold: return () "), Watch(" sold: return (); closed: return () ")));
}

TEST(ChangeServed, ReachesOtherResults)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeServed, Watch(" sold: return () "), Watch(" sold: return (more = true) ")));
}

TEST(ChangeServed, ReachesServeStepsAndObjectsInsideResults)
{
    EXPECT_TRUE(
        Bench{}.Reaches(ChangeServed, Shop("serve Listener { closed: return () }\n"), Shop("serve Listener {}\n")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeServed, Watch(" sold: return (next = serve Listener { closed: return () }) "),
                                Watch(" sold: return (next = serve Listener {}) ")));
}

TEST(ChangeServed, ReachesEveryReaction)
{
    Bench bench;
    for (const char* script :
         {" closed: throw failed \"thrown on purpose\" ", " closed: never ", " closed: later 3 () ",
          " sold: call cart Cart.pay then () ", " closed: echo () ", " closed: disconnect "}) {
        EXPECT_TRUE(bench.Reaches(ChangeServed, Watch(""), Watch(script), 20'000)) << script;
    }
}

} // namespace
} // namespace mpfuzz::mutate
