#include <mpfuzz/generate/generator_fixture.h>

#include <mpfuzz/program/print.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>
#include <mpfuzz/program/words.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace mpfuzz::generate {
namespace {

using base::Rng;
using program::Program;
using program::Value;

TEST_F(GeneratorTest, ProgramsAreValidAndBounded)
{
    const program::TargetRules rules{MakeRules()};
    size_t longest{0};
    for (const Program& program : Generate(rules, 1, 200)) {
        const auto valid{program::Validate(GetSchema(), program)};
        ASSERT_TRUE(valid) << valid.GetError().message;
        longest = std::max(longest, program.steps.size());
    }
    // A call that was begun before the limit is still added after it, and AddTiming() adds steps.
    EXPECT_GT(longest, rules.max_steps);
    EXPECT_LT(longest, 3 * rules.max_steps);
}

TEST_F(GeneratorTest, ValuesOfRecursiveTypesAreFinite)
{
    size_t deepest{0};
    for (const Program& program : Generate(MakeRules(), 15, 120)) {
        for (const program::Step& step : program.steps) {
            program::VisitValues(GetSchema(), step, [&](const Value&, const program::ValuePosition& at) {
                if (!at.in_served) deepest = std::max<size_t>(deepest, at.depth + 1);
            });
        }
    }
    EXPECT_GE(deepest, 5U);
    EXPECT_LE(deepest, 20U);
}

TEST_F(GeneratorTest, SameSeedGivesTheSameTextTwice)
{
    const auto first{Generate(MakeRules(), 7, 50)};
    const auto second{Generate(MakeRules(), 7, 50)};
    ASSERT_EQ(first.size(), second.size());
    for (size_t i{0}; i < first.size(); ++i) {
        EXPECT_EQ(program::Print(GetSchema(), first[i]), program::Print(GetSchema(), second[i]));
    }
    EXPECT_NE(first, Generate(MakeRules(), 8, 50));
}

TEST_F(GeneratorTest, EveryReachableMethodIsCalledAndNoDeniedOne)
{
    std::map<schema::MethodRef, size_t> calls;
    for (const Program& program : Generate(MakeRules(), 2, 100)) {
        for (const program::Step& step : program.steps) {
            if (const auto* call = std::get_if<program::Call>(&step)) ++calls[call->method];
        }
    }
    for (const char* interface : {"Root", "Store", "Key", "MasterKey", "Vault"}) {
        for (const schema::MethodRef method : GetSchema().MatchMethods(std::string{interface} + ".*")) {
            const bool denied{method == Method("Root.forbidden")};
            if (denied) {
                EXPECT_EQ(calls[method], 0U);
            } else {
                EXPECT_GE(calls[method], 20U) << GetSchema().MethodName(method);
            }
        }
    }
    EXPECT_EQ(calls[Method("Listener.changed")], 0U); // no server returns a Listener
}

TEST_F(GeneratorTest, OnlyRestrictsGoalsAndStillCallsTheirProducers)
{
    program::TargetRules rules{MakeRules()};
    rules.only = {Method("MasterKey.copy")};
    Generator generator{GetSchema(), rules, {}};
    ASSERT_EQ(generator.Goals().size(), 1U);
    std::set<schema::MethodRef> called;
    for (const Program& program : Generate(rules, 3, 50)) {
        for (const program::Step& step : program.steps) {
            if (const auto* call = std::get_if<program::Call>(&step)) called.insert(call->method);
        }
    }
    EXPECT_TRUE(called.contains(Method("MasterKey.copy")));
    EXPECT_TRUE(called.contains(Method("Vault.master")));
    EXPECT_TRUE(called.contains(Method("Root.openLocked")));
}

TEST_F(GeneratorTest, WithoutGoalsProgramsOnlyConnect)
{
    program::TargetRules rules{MakeRules()};
    rules.only = {Method("Listener.changed")};
    for (const Program& program : Generate(rules, 4, 20)) {
        EXPECT_EQ(program::CountCalls(program), 0U);
        EXPECT_TRUE(std::holds_alternative<program::Connect>(program.steps.at(0)));
    }
}

TEST_F(GeneratorTest, EveryKindOfStepAppears)
{
    std::set<size_t> kinds;
    for (const Program& program : Generate(MakeRules(), 5, 120)) {
        for (const program::Step& step : program.steps) kinds.insert(step.index());
    }
    EXPECT_EQ(kinds.size(), std::variant_size_v<program::Step> - 1) << "signals are not allowed";
}

TEST_F(GeneratorTest, EveryKindOfValueAppears)
{
    std::set<size_t> kinds;
    bool edited{false};
    for (const Program& program : Generate(MakeRules(), 6, 100)) {
        VisitAllValues(program, [&](const Value& value) {
            kinds.insert(value.content.index());
            if (const auto* data = value.As<program::DataRef>()) edited |= !data->edits.empty();
        });
    }
    EXPECT_EQ(kinds.size(), std::variant_size_v<Value::Variant> - 1); // no program holds a SeenCapability
    EXPECT_TRUE(edited);
}

TEST_F(GeneratorTest, DataOfACallThatMayBlockIsNotUsed)
{
    size_t references{0}, blocking{0};
    for (const Program& program : Generate(MakeRules(), 11, 60)) {
        for (const program::Step& step : program.steps) {
            const auto* call{std::get_if<program::Call>(&step)};
            blocking += call && call->method == Method("Store.watch");
        }
        VisitAllValues(program, [&](const Value& value) {
            const auto* data{value.As<program::DataRef>()};
            if (!data) return;
            EXPECT_NE(std::get<program::Call>(program.steps[data->step]).method, Method("Store.watch"));
            ++references;
        });
    }
    EXPECT_GT(references, 10U);
    EXPECT_GT(blocking, 10U);
}

TEST_F(GeneratorTest, EveryReactionAndEveryWayToDisconnectAppears)
{
    std::set<program::Reaction::Kind> reactions;
    std::set<program::Disconnect::How> ways;
    for (const Program& program : Generate(MakeRules(), 12, 500)) {
        for (const program::Step& step : program.steps) {
            const auto* disconnect{std::get_if<program::Disconnect>(&step)};
            if (disconnect) ways.insert(disconnect->how);
            if (const auto* serve = std::get_if<program::Serve>(&step)) {
                for (const auto& reaction : serve->object.reactions) reactions.insert(reaction.kind);
            }
        }
    }
    EXPECT_EQ(reactions.size(), program::REACTION_WORDS.size());
    EXPECT_EQ(ways.size(), program::DISCONNECT_WORDS.size());
}

TEST_F(GeneratorTest, SometimesEndsTheTargetIfTheRulesAllowIt)
{
    program::TargetRules rules{MakeRules()};
    rules.signals = {program::Signal::Kind::TERM, program::Signal::Kind::HUP};
    std::set<program::Signal::Kind> sent;
    // [false]: programs without a call that may block; [true]: programs with one.
    std::array<int, 2> programs{};
    std::array<int, 2> signals{};
    for (const Program& program : Generate(rules, 13, 400)) {
        bool waits{false};
        for (const program::Step& step : program.steps) {
            if (const auto* call = std::get_if<program::Call>(&step)) waits |= call->method == rules.may_block[0];
            if (const auto* signal = std::get_if<program::Signal>(&step)) {
                sent.insert(signal->kind);
                ++signals[waits];
            }
        }
        ++programs[waits];
    }
    EXPECT_EQ(sent, std::set(rules.signals.begin(), rules.signals.end()));
    EXPECT_GT(signals[true] * programs[false], 2 * signals[false] * programs[true]) << "more often while a call waits";
}

TEST_F(GeneratorTest, InsertGoalKeepsTheOtherSteps)
{
    Generator generator{GetSchema(), MakeRules(), {}};
    Rng rng{13};
    size_t inserted{0};
    for (int i{0}; i < 120; ++i) {
        const Program before{generator.Generate(rng)};
        Program after{before};
        const auto position{static_cast<program::StepIndex>(rng.Below(before.steps.size() + 1))};
        const size_t count{generator.InsertGoal(after, position, rng)};
        ASSERT_TRUE(program::Validate(GetSchema(), after));
        ASSERT_EQ(after.steps.size(), before.steps.size() + count);
        for (size_t step{0}; step < before.steps.size(); ++step) {
            const size_t moved{step < position ? step : step + count};
            EXPECT_EQ(before.steps[step].index(), after.steps[moved].index());
        }
        inserted += count;
    }
    EXPECT_GT(inserted, 100U);
}

TEST_F(GeneratorTest, MakeValueForMakesValuesThatFitTheCall)
{
    Generator generator{GetSchema(), MakeRules(), {}};
    Rng rng{14};
    size_t tried{0};
    for (int i{0}; i < 120; ++i) {
        Program program{generator.Generate(rng)};
        for (program::StepIndex step{0}; step < program.steps.size(); ++step) {
            const auto* call{std::get_if<program::Call>(&program.steps[step])};
            if (!call || call->method != Method("Vault.deposit")) continue;
            const schema::Struct& owner{GetSchema().GetStruct(GetSchema().GetMethod(call->method).params)};
            const domain::SourceContext source_context{GetSchema(),          owner.fields[0].type, owner,
                                                       owner.fields[0].name, call->method,         call->target};
            Value value{generator.MakeValueFor(program, step, source_context, rng)};
            std::get<program::Call>(program.steps[step]).arguments.Set(0, std::move(value));
            const auto valid{program::Validate(GetSchema(), program)};
            ASSERT_TRUE(valid) << valid.GetError().message;
            ++tried;
        }
    }
    EXPECT_GT(tried, 30U);
}

} // namespace
} // namespace mpfuzz::generate
