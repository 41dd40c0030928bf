#include <mpfuzz/mutate/test_mutator.h>

#include <gmock/gmock.h>

#include <array>

namespace mpfuzz::mutate {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

std::string Pay(std::string_view sums)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.pay(sums = " + std::string{sums} + ")\n");
}
std::string Parts(std::string_view parts)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(item = (parts = " + std::string{parts} + "))\n");
}

TEST(ChangeList, ReachesInsertedRemovedDuplicatedAndSwappedElements)
{
    for (const char* to : {"[7, 8]", "[7, 8, 9, 0]", "[7, 8, 9, 8]", "[9, 8, 7]", "[7]", "[]"}) {
        EXPECT_TRUE(MutatorTester{}.Reaches(ChangeList, Pay("[7, 8, 9]"), Pay(to))) << to;
    }
}

TEST(ChangeList, ReachesRepeatedElementsAndBack)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeList, Pay("[7, 8]"), Pay("[7 * 3]")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeList, Pay("[7 * 3]"), Pay("[7 * 6]")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeList, Pay("[7 * 3]"), Pay("[7, 7, 7]")));
}

TEST(ChangeList, PutsStructsIntoListsThatAreNotNull)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeList, Parts("null"), Parts("[()]")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeList, Parts("[(price = 1)]"), Parts("[(), (price = 1)]")));
}

TEST(ChangeFields, ReachesSetAndUnsetFields)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeFields, Add("count = 1"), Add("")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeFields, Add("count = 1"), Add("item = (), count = 1")));
    EXPECT_TRUE(
        MutatorTester{}.Reaches(ChangeFields, Add("item = (price = 1)"), Add("item = (price = 1, colour = blue)")));
}

TEST(ChangeFields, ReachesAnotherBranchOfAUnion)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeFields, Add("item = (wrapped = \"\")"), Add("item = (boxed = true)")));
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeFields, Add("item = (boxed = true)"), Add("item = (wrapped = \"\")")));
}

TEST(ChangeFields, ReachesOtherResultsOfServedObjects)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(ChangeFields, Shop("serve Listener { sold: return () }\n"),
                                        Shop("serve Listener { sold: return (more = true) }\n")));
}

//! A value source for Text fields called `name`. The text that it makes names the struct that has the field.
constexpr domain::ValueSource NAME_SOURCE{
    "name",
    [](const domain::SourceContext& context) {
        return context.field == "name" && context.type.kind == schema::Kind::TEXT;
    },
    [](const domain::SourceContext& context, domain::Builder&, base::Rng&) -> std::optional<program::Value> {
        return program::Blob{"sourced in " + context.owner.name};
    }};

class MakeValueAnew : public testing::Test
{
protected:
    MakeValueAnew()
    {
        m_domains[0].name = "test";
        m_domains[0].sources.push_back(NAME_SOURCE);
        m_tester.domains = m_domains;
    }

    std::array<domain::Domain, 1> m_domains;
    MutatorTester m_tester;
};

TEST_F(MakeValueAnew, ReachesValuesOfADomainsSource)
{
    EXPECT_TRUE(m_tester.Reaches(mutate::MakeValueAnew, Shop("shop0.enter(name = \"x\")\n"),
                                 Shop("shop0.enter(name = \"sourced in Shop.enter$Params\")\n"), 100));
}

TEST_F(MakeValueAnew, TellsTheSourceTheInnermostField)
{
    EXPECT_TRUE(m_tester.Reaches(mutate::MakeValueAnew, Add("item = (parts = [(), (name = \"x\")])"),
                                 Add("item = (parts = [(), (name = \"sourced in Item\")])"), 500));
    EXPECT_TRUE(m_tester.Reaches(mutate::MakeValueAnew, Add("item = (anything = any Item (name = \"x\"))"),
                                 Add("item = (anything = any Item (name = \"sourced in Item\"))"), 500));
}

TEST_F(MakeValueAnew, ReachesParametersThatAreNotSet)
{
    EXPECT_TRUE(m_tester.Reaches(mutate::MakeValueAnew, Shop("shop0.enter()\n"),
                                 Shop("shop0.enter(name = \"sourced in Shop.enter$Params\")\n"), 100));
    EXPECT_TRUE(m_tester.Reaches(mutate::MakeValueAnew, Add(""), Add("count = 1")));
}

TEST_F(MakeValueAnew, MakesTheCapabilityThatAnArgumentNeeds)
{
    const std::string enter{"enter0 = shop0.enter()\n"};
    EXPECT_THAT(m_tester.Results(mutate::MakeValueAnew, Shop(enter + "enter0.cart.merge(other = null)\n")),
                Contains(HasSubstr("other = enter1.cart")));
}

TEST(TakeAnswer, ReachesDataOfTheSameName)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(TakeAnswer, Add("badge = 0x\"00\""), Add("badge = $enter0.badge")));
}

TEST(TakeAnswer, ReachesDataOfAnotherNameThatFits)
{
    EXPECT_TRUE(
        MutatorTester{}.Reaches(TakeAnswer, Add("item = (code = 0x\"00\")"), Add("item = (code = $enter0.badge)")));
    EXPECT_TRUE(MutatorTester{}.Reaches(TakeAnswer, Add("count = 1"), Add("count = $enter0.number")));
}

TEST(TakeAnswer, TakesNothingFromACallThatMayNeverBeAnswered)
{
    const std::string from{
        Shop("wait0 = shop0.wait()\nenter0 = shop0.enter(name = \"a\")\nenter0.cart.add(badge = 0x\"00\")\n")};
    const auto results{MutatorTester{}.Results(TakeAnswer, from)};
    EXPECT_THAT(results, Contains(HasSubstr("badge = $enter0.badge)")));
    EXPECT_THAT(results, Each(Not(HasSubstr("$wait0"))));
}

TEST(TakeAnswer, PutsNothingIntoTheResultsOfServedObjects)
{
    const std::string from{Shop("enter0 = shop0.enter()\nserve Cart { add: return (total = 5) }\n"
                                "enter0.cart.add(count = 1)\n")};
    const auto results{MutatorTester{}.Results(TakeAnswer, from, 200)};
    EXPECT_THAT(results, Contains(HasSubstr("count = $enter0.number")));
    EXPECT_THAT(results, Each(HasSubstr("total = 5")));
}

std::string Edited(std::string_view edits) { return Add("badge = $enter0.badge" + std::string{edits}); }

TEST(EditAnswer, ReachesAnAddedARemovedAndAChangedEdit)
{
    EXPECT_TRUE(MutatorTester{}.Reaches(EditAnswer, Edited(""), Edited("|cut(0)")));
    EXPECT_TRUE(MutatorTester{}.Reaches(EditAnswer, Edited("|flip(7)|cut(3)"), Edited("|cut(3)")));
    EXPECT_TRUE(MutatorTester{}.Reaches(EditAnswer, Edited("|flip(7)"), Edited("|flip(8)")));
    EXPECT_TRUE(MutatorTester{}.Reaches(EditAnswer, Edited("|flip(7)"), Edited("|flip(6)")));
}

TEST(EditAnswer, NeedsAnAnswer)
{
    EXPECT_EQ(MutatorTester{}.Results(EditAnswer, Add("badge = 0x\"00\""), 20).size(), 1U);
    EXPECT_GT(MutatorTester{}.Results(EditAnswer, Edited(""), 20).size(), 1U);
}

} // namespace
} // namespace mpfuzz::mutate
