#include <mpfuzz/generate/generator_fixture.h>

#include <mpfuzz/program/print.h>
#include <mpfuzz/program/visit.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace mpfuzz::generate {
namespace {

using program::Program;
using program::Value;

//! Where the `key` argument of Vault.deposit comes from.
struct KeyUse {
    bool null{false}, own{false}, foreign{false}, released{false}, other_interface{false}, served{false};
};

KeyUse Classify(const schema::Schema& schema, const Program& program, const program::Call& call, KeyUse use,
                const std::vector<program::CapabilityRef>& released)
{
    const Value* key{call.arguments.Find(0)};
    if (!key || key->As<program::Null>()) use.null = true;
    if (key && key->As<program::ServedObject>()) use.served = true;
    const auto* ref{key ? key->As<program::CapabilityRef>() : nullptr};
    if (!ref) return use;
    const auto interface = program::InterfaceOf(schema, program, *ref);
    const auto connection{program::ConnectionOf(program, ref->step)};
    const bool is_key{interface && schema.Extends(*interface, *schema.FindInterface("Key"))};
    const bool same{connection == program::ConnectionOf(program, call.target.step)};
    use.other_interface |= !is_key;
    use.foreign |= is_key && connection && !same;
    use.released |= std::ranges::count(released, *ref) > 0;
    use.own |= is_key && same && std::ranges::count(released, *ref) == 0;
    return use;
}

KeyUse KeyUses(const schema::Schema& schema, schema::MethodRef deposit, const std::vector<Program>& programs)
{
    KeyUse use;
    for (const Program& program : programs) {
        std::vector<program::CapabilityRef> released;
        for (const program::Step& step : program.steps) {
            if (const auto* drop = std::get_if<program::Drop>(&step)) released.push_back(drop->capability);
            const auto* call{std::get_if<program::Call>(&step)};
            if (call && call->method == deposit) use = Classify(schema, program, *call, use, released);
        }
    }
    return use;
}

TEST_F(GeneratorTest, MisbehavingProgramsUseNullForeignReleasedAndOtherInterfacesCapabilities)
{
    program::TargetRules rules{MakeRules()};
    rules.misbehaving_percent = 100;
    const KeyUse use{KeyUses(GetSchema(), Method("Vault.deposit"), Generate(rules, 9, 250))};
    EXPECT_TRUE(use.null && use.own && use.foreign && use.released && use.other_interface && use.served);
}

TEST_F(GeneratorTest, WellBehavedProgramsUseTheirOwnAndServedCapabilities)
{
    program::TargetRules rules{MakeRules()};
    rules.misbehaving_percent = 0;
    const KeyUse use{KeyUses(GetSchema(), Method("Vault.deposit"), Generate(rules, 9, 250))};
    EXPECT_TRUE(use.own && use.served);
    EXPECT_FALSE(use.null || use.foreign || use.released || use.other_interface);
}

TEST_F(GeneratorTest, WellBehavedProgramsUseNothingThatTheyDroppedOrCancelled)
{
    program::TargetRules rules{MakeRules()};
    rules.misbehaving_percent = 0;
    size_t drops{0}, cancels{0};
    for (const Program& program : Generate(rules, 10, 200)) {
        std::set<program::StepIndex> cancelled;
        std::vector<program::CapabilityRef> released;
        for (const program::Step& step : program.steps) {
            if (std::holds_alternative<program::Call>(step)) {
                program::ForEachCapability(step, [&](const program::CapabilityRef& ref) {
                    EXPECT_EQ(std::ranges::count(released, ref), 0) << program::Print(GetSchema(), program);
                    EXPECT_FALSE(cancelled.contains(ref.step)) << program::Print(GetSchema(), program);
                });
            }
            if (const auto* drop = std::get_if<program::Drop>(&step)) released.push_back(drop->capability);
            if (const auto* cancel = std::get_if<program::Cancel>(&step)) cancelled.insert(cancel->call);
        }
        drops += released.size();
        cancels += cancelled.size();
    }
    EXPECT_GT(drops, 10U);
    EXPECT_GT(cancels, 10U);
}

} // namespace
} // namespace mpfuzz::generate
