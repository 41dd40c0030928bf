#include <mpfuzz/mutate/test_mutator.h>

namespace mpfuzz::mutate {
namespace {

//! Knows one name, and says where it was asked.
constexpr domain::ValueSource NAME_SOURCE{
    "name",
    [](const domain::SourceContext& context) {
        return context.field == "name" && context.type.kind == schema::Kind::TEXT;
    },
    [](const domain::SourceContext& context, domain::Builder&, base::Rng&) -> std::optional<program::Value> {
        return program::Blob{"sourced in " + context.owner.name};
    }};

std::string Add(std::string_view arguments)
{
    return Shop("enter0 = shop0.enter()\nenter0.cart.add(" + std::string{arguments} + ")\n");
}

class MakeValueAnew : public testing::Test
{
protected:
    MakeValueAnew()
    {
        m_domains[0].name = "test";
        m_domains[0].sources.push_back(NAME_SOURCE);
        m_bench.domains = m_domains;
    }

    std::array<domain::Domain, 1> m_domains;
    Bench m_bench;
};

TEST_F(MakeValueAnew, ReachesWhatADomainSourceKnows)
{
    EXPECT_TRUE(m_bench.Reaches(mutate::MakeValueAnew, Shop("shop0.enter(name = \"x\")\n"),
                                Shop("shop0.enter(name = \"sourced in Shop.enter$Params\")\n"), 100));
}

TEST_F(MakeValueAnew, TellsTheSourceWhereInTheArgumentsItIs)
{
    EXPECT_TRUE(m_bench.Reaches(mutate::MakeValueAnew, Add("item = (parts = [(), (name = \"x\")])"),
                                Add("item = (parts = [(), (name = \"sourced in Item\")])"), 500));
    EXPECT_TRUE(m_bench.Reaches(mutate::MakeValueAnew, Add("item = (anything = any Item (name = \"x\"))"),
                                Add("item = (anything = any Item (name = \"sourced in Item\"))"), 500));
}

TEST_F(MakeValueAnew, ReachesParametersThatAreNotSet)
{
    EXPECT_TRUE(m_bench.Reaches(mutate::MakeValueAnew, Shop("shop0.enter()\n"),
                                Shop("shop0.enter(name = \"sourced in Shop.enter$Params\")\n"), 100));
    EXPECT_TRUE(m_bench.Reaches(mutate::MakeValueAnew, Add(""), Add("count = 1")));
}

TEST_F(MakeValueAnew, MakesTheCapabilityThatAnArgumentNeeds)
{
    const std::string enter{"enter0 = shop0.enter()\n"};
    bool called{false};
    for (const auto& result :
         m_bench.Results(mutate::MakeValueAnew, Shop(enter + "enter0.cart.merge(other = null)\n"))) {
        called |= result.find("other = enter1.cart") != std::string::npos;
    }
    EXPECT_TRUE(called);
}

} // namespace
} // namespace mpfuzz::mutate
