#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Add(std::string_view arguments)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(" + std::string{arguments} + ")\n");
}

TEST(ChangeFields, ReachesSetAndUnsetFields)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeFields, Add("count = 1"), Add("")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeFields, Add("count = 1"), Add("item = (), count = 1")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeFields, Add("item = (price = 1)"), Add("item = (price = 1, colour = blue)")));
}

TEST(ChangeFields, ReachesAnotherBranchOfAUnion)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeFields, Add("item = (wrapped = \"\")"), Add("item = (boxed = true)")));
    EXPECT_TRUE(Bench{}.Reaches(ChangeFields, Add("item = (boxed = true)"), Add("item = (wrapped = \"\")")));
}

TEST(ChangeFields, ReachesWhatServedObjectsReturn)
{
    EXPECT_TRUE(Bench{}.Reaches(ChangeFields, Shop("serve Listener { sold: return () }\n"),
                                Shop("serve Listener { sold: return (more = true) }\n")));
}

} // namespace
} // namespace mpfuzz::mutate
