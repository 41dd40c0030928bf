#include <mpfuzz/generate/atlas.h>
#include <mpfuzz/generate/generator_fixture.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace mpfuzz::generate {
namespace {

class AtlasTest : public GeneratorTest
{
protected:
    Atlas MakeAtlas(Rules rules) const { return Atlas{GetSchema(), std::move(rules), {}}; }
    uint32_t Rank(const Atlas& atlas, std::string_view name) const
    {
        return atlas.Rank(*GetSchema().FindInterface(name));
    }
};

TEST_F(AtlasTest, RankCountsTheCallsFromTheMainInterface)
{
    const Atlas atlas{MakeAtlas(MakeRules())};
    EXPECT_EQ(Rank(atlas, "Root"), 0U);
    EXPECT_EQ(Rank(atlas, "Store"), 1U);
    EXPECT_EQ(Rank(atlas, "Vault"), 1U);
    EXPECT_EQ(Rank(atlas, "MasterKey"), 2U);
    EXPECT_EQ(Rank(atlas, "Key"), 2U);
    EXPECT_EQ(Rank(atlas, "Listener"), Atlas::UNREACHABLE);
}

TEST_F(AtlasTest, WhatOnlyADeniedMethodHandsOutIsUnreachable)
{
    Rules rules{MakeRules()};
    rules.denied.push_back(Method("Vault.master"));
    const Atlas atlas{MakeAtlas(rules)};
    EXPECT_EQ(Rank(atlas, "MasterKey"), Atlas::UNREACHABLE);
    EXPECT_EQ(Rank(atlas, "Key"), 2U); // Store.makeKey is left
    for (const Goal& goal : atlas.Goals()) EXPECT_NE(goal.method, Method("MasterKey.copy"));
}

TEST_F(AtlasTest, CapabilitiesInListsAndGroupsAreFound)
{
    const Atlas atlas{MakeAtlas(MakeRules())};
    ASSERT_EQ(atlas.Capabilities(Method("Store.list")).size(), 1U);
    EXPECT_EQ(atlas.Capabilities(Method("Store.list"))[0].path.size(), 3U); // entries, [0], store
    ASSERT_EQ(atlas.Capabilities(Method("Store.makeKey")).size(), 1U);
    EXPECT_EQ(atlas.Capabilities(Method("Store.makeKey"))[0].path.size(), 3U); // nested, inner, key
    EXPECT_EQ(atlas.Capabilities(Method("Store.watch")).size(), 2U);
}

TEST_F(AtlasTest, ConstantsAreRead)
{
    const Atlas atlas{MakeAtlas(MakeRules())};
    EXPECT_EQ(std::ranges::count(atlas.IntegerConstants(), 424'242), 1);
    EXPECT_EQ(std::ranges::count(atlas.FloatConstants(), 2.718281828), 1);
}

TEST_F(AtlasTest, ADomainMakesAGoalRarer)
{
    std::vector<domain::Domain> domains(1);
    domains[0].goal_percent = [this](const schema::Schema&, schema::MethodRef method) {
        return method == Method("Vault.master") ? 10U : method == Method("Key.turn") ? 0U : 100U;
    };
    const Atlas atlas{GetSchema(), MakeRules(), domains};
    for (const Goal& goal : atlas.Goals()) {
        EXPECT_NE(goal.method, Method("Key.turn"));
        EXPECT_EQ(goal.percent, goal.method == Method("Vault.master") ? 10U : 100U);
    }
}

} // namespace
} // namespace mpfuzz::generate
