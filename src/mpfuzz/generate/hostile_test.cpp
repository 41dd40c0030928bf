#include <mpfuzz/generate/hostile.h>

#include <mpfuzz/generate/generator_fixture.h>
#include <mpfuzz/program/validate.h>

#include <set>

namespace mpfuzz::generate {
namespace {

class HostileTest : public GeneratorTest
{
protected:
    const program::TargetRules m_rules{MakeRules()};
    const SchemaIndex m_schema_index{*s_schema, m_rules, {}};
    base::Rng m_rng{3};
};

TEST_F(HostileTest, MakesMessagesOfMostKinds)
{
    std::set<uint32_t> kinds;
    for (int i{0}; i < 300; ++i) {
        const auto message{MakeHostileMessage(m_schema_index, 0, m_rng)};
        if (message && !message->message.fields.empty()) kinds.insert(message->message.fields[0].field);
    }
    // Of the 14 that rpc.capnp knows.
    EXPECT_GE(kinds.size(), 12U);
}

TEST_F(HostileTest, KeepsProgramsValidAndOnlyAddsToThem)
{
    size_t added{0};
    for (const program::Program& before : Generate(m_rules, 4, 200)) {
        program::Program after{before};
        AddHostileBytes(m_schema_index, after, m_rng);
        const auto valid{program::Validate(*s_schema, after)};
        ASSERT_TRUE(valid) << valid.GetError().message;
        ASSERT_GE(after.steps.size(), before.steps.size());
        added += after.steps.size() - before.steps.size();
    }
    EXPECT_GT(added, 200U);
}

} // namespace
} // namespace mpfuzz::generate
