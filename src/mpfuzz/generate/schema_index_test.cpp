#include <mpfuzz/generate/generator_fixture.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace mpfuzz::generate {
namespace {

class SchemaIndexTest : public GeneratorTest
{
protected:
    SchemaIndex MakeSchemaIndex(program::TargetRules rules) const
    {
        return SchemaIndex{GetSchema(), std::move(rules), {}};
    }
    uint32_t Rank(const SchemaIndex& schema_index, std::string_view name) const
    {
        return schema_index.Rank(*GetSchema().FindInterface(name));
    }
};

TEST_F(SchemaIndexTest, RankCountsTheCallsFromTheMainInterface)
{
    const SchemaIndex schema_index{MakeSchemaIndex(MakeRules())};
    EXPECT_EQ(Rank(schema_index, "Root"), 0U);
    EXPECT_EQ(Rank(schema_index, "Store"), 1U);
    EXPECT_EQ(Rank(schema_index, "Vault"), 1U);
    EXPECT_EQ(Rank(schema_index, "MasterKey"), 2U);
    EXPECT_EQ(Rank(schema_index, "Key"), 2U);
    EXPECT_EQ(Rank(schema_index, "Listener"), SchemaIndex::UNREACHABLE);
}

TEST_F(SchemaIndexTest, InterfacesThatOnlyADeniedMethodReturnsAreUnreachable)
{
    program::TargetRules rules{MakeRules()};
    rules.denied.push_back(Method("Vault.master"));
    const SchemaIndex schema_index{MakeSchemaIndex(rules)};
    EXPECT_EQ(Rank(schema_index, "MasterKey"), SchemaIndex::UNREACHABLE);
    EXPECT_EQ(Rank(schema_index, "Key"), 2U); // through Store.makeKey
    for (const Goal& goal : schema_index.Goals()) EXPECT_NE(goal.method, Method("MasterKey.copy"));
}

TEST_F(SchemaIndexTest, CapabilitiesInListsAndGroupsAreFound)
{
    const SchemaIndex schema_index{MakeSchemaIndex(MakeRules())};
    ASSERT_EQ(schema_index.Capabilities(Method("Store.list")).size(), 1U);
    EXPECT_EQ(schema_index.Capabilities(Method("Store.list"))[0].path.size(), 3U); // entries, [0], store
    ASSERT_EQ(schema_index.Capabilities(Method("Store.makeKey")).size(), 1U);
    EXPECT_EQ(schema_index.Capabilities(Method("Store.makeKey"))[0].path.size(), 3U); // nested, inner, key
    EXPECT_EQ(schema_index.Capabilities(Method("Store.watch")).size(), 2U);
}

TEST_F(SchemaIndexTest, ConstantsAreRead)
{
    const SchemaIndex schema_index{MakeSchemaIndex(MakeRules())};
    EXPECT_EQ(std::ranges::count(schema_index.IntegerConstants(), 424'242), 1);
    EXPECT_EQ(std::ranges::count(schema_index.FloatConstants(), 2.718281828), 1);
}

TEST_F(SchemaIndexTest, ADomainCanMakeAGoalRarer)
{
    std::vector<domain::Domain> domains(1);
    domains[0].goal_percent = [this](const schema::Schema&, schema::MethodRef method) {
        return method == Method("Vault.master") ? 10U : method == Method("Key.turn") ? 0U : 100U;
    };
    const SchemaIndex schema_index{GetSchema(), MakeRules(), domains};
    ASSERT_GT(schema_index.Goals().size(), 5U);
    EXPECT_EQ(std::ranges::count(schema_index.Goals(), Method("Vault.master"), &Goal::method), 1);
    for (const Goal& goal : schema_index.Goals()) {
        EXPECT_NE(goal.method, Method("Key.turn"));
        EXPECT_EQ(goal.percent, goal.method == Method("Vault.master") ? 10U : 100U);
    }
}

} // namespace
} // namespace mpfuzz::generate
