#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

std::string Add(std::string_view arguments)
{
    return Shop("enter0 = shop0.enter(name = \"a\")\nenter0.cart.add(" + std::string{arguments} + ")\n");
}

TEST(TakeAnswer, ReachesDataOfTheSameName)
{
    EXPECT_TRUE(Bench{}.Reaches(TakeAnswer, Add("badge = 0x\"00\""), Add("badge = $enter0.badge")));
}

TEST(TakeAnswer, ReachesDataOfAnotherNameThatFits)
{
    EXPECT_TRUE(Bench{}.Reaches(TakeAnswer, Add("item = (code = 0x\"00\")"), Add("item = (code = $enter0.badge)")));
    EXPECT_TRUE(Bench{}.Reaches(TakeAnswer, Add("count = 1"), Add("count = $enter0.number")));
}

TEST(TakeAnswer, DoesNotWaitForWhatMayNeverCome)
{
    const std::string from{
        Shop("wait0 = shop0.wait()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.add(badge = 0x\"00\")\n")};
    for (const std::string& result : Bench{}.Results(TakeAnswer, from)) {
        EXPECT_EQ(result.find("$wait0"), std::string::npos) << result;
    }
}

TEST(TakeAnswer, LeavesWhatServedObjectsReturn)
{
    const std::string from{Shop("shop0.enter()\nserve Listener { sold: return (more = true) }\n")};
    EXPECT_EQ(Bench{}.Results(TakeAnswer, from, 100), std::vector<std::string>{Print(MustParse(from))});
}

} // namespace
} // namespace mpfuzz::mutate
