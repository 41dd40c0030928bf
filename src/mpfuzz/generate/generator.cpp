#include <mpfuzz/generate/generator.h>

#include <mpfuzz/generate/hostile.h>
#include <mpfuzz/generate/rhythm.h>
#include <mpfuzz/generate/values.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>
#include <array>

namespace mpfuzz::generate {

using program::CapabilityRef;
using program::Program;
using program::StepIndex;
using schema::MethodRef;

namespace {

// Guesses, unmeasured: goals of one program, and how often something else happens between two of them.
constexpr uint64_t FEW_GOALS{3};
constexpr uint64_t MORE_GOALS{10};
constexpr unsigned OPEN_PERCENT{8};
constexpr unsigned CLOSE_PERCENT{3};
constexpr unsigned CLOSE_AT_END_PERCENT{40};
// Goals that a misbehaving program calls on an object of the wrong interface, or on a released one.
constexpr unsigned MISTAKEN_TARGET_PERCENT{8};
constexpr unsigned RELEASED_TARGET_PERCENT{5};
// Misbehaving programs that send messages or bytes of their own making.
constexpr unsigned HOSTILE_PERCENT{15};
// Programs that end the target, where they may: each costs a start. How a target ends matters most while calls are
// pending.
constexpr uint64_t SIGNAL_ONE_IN{200};
constexpr uint64_t SIGNAL_WAITING_ONE_IN{20};
// How much likelier a method is that has been called least. Guess, unmeasured.
constexpr uint64_t NOVELTY{1000};

//! From one on, small numbers likelier: but getting to the first goal costs more steps than the goal.
uint64_t PickGoalCount(base::Rng& rng) { return 1 + rng.Below(FEW_GOALS) + rng.SkewedLength(MORE_GOALS); }

program::Disconnect::How PickClosing(bool misbehaves, base::Rng& rng)
{
    // Guesses, unmeasured: clean, abrupt, half, torn.
    static constexpr std::array<uint32_t, 4> POLITE{80, 20, 0, 0};
    static constexpr std::array<uint32_t, 4> ANY{35, 45, 10, 10};
    return static_cast<program::Disconnect::How>(rng.Weighted(misbehaves ? ANY : POLITE));
}

void Close(Growth& growth, StepIndex connection)
{
    const auto how{PickClosing(growth.Misbehaves(), growth.GetRng())};
    growth.Add(program::Disconnect{connection, how});
}

//! An open connection to go on with: now and then one is opened or closed.
StepIndex PickConnection(Growth& growth)
{
    base::Rng& rng{growth.GetRng()};
    const std::vector<StepIndex>& open{growth.GetInventory().Open()};
    if (!open.empty() && rng.Percent(CLOSE_PERCENT)) Close(growth, rng.Pick(open));
    const bool room{open.size() < growth.GetAtlas().GetRules().max_connections};
    if (open.empty() || (room && rng.Percent(OPEN_PERCENT))) growth.Open();
    return rng.OneIn(2) ? open.back() : rng.Pick(open);
}

bool MayWait(const Atlas& atlas, const Program& program)
{
    return std::ranges::any_of(program.steps, [&](const program::Step& step) {
        const auto* call{std::get_if<program::Call>(&step)};
        return call && atlas.MayBlock(call->method);
    });
}

//! Whether a program shall end the target.
bool RollSignal(const Atlas& atlas, const Program& program, base::Rng& rng)
{
    if (atlas.GetRules().signals.empty()) return false;
    return rng.OneIn(MayWait(atlas, program) ? SIGNAL_WAITING_ONE_IN : SIGNAL_ONE_IN);
}

//! Put `added` in front of step `position` of a program; what they refer to is in front of it too.
void Splice(Program& program, StepIndex position, std::span<const program::Step> added)
{
    for (size_t i{0}; i < added.size(); ++i)
        program::InsertStep(program, position + static_cast<StepIndex>(i), added[i]);
}

Program Prefix(const Program& program, StepIndex end)
{
    CHECK(end <= program.steps.size(), end, program.steps.size());
    return {{program.steps.begin(), program.steps.begin() + end}};
}

} // namespace

Generator::Generator(const schema::Schema& schema, Rules rules, std::span<const domain::Domain> domains)
    : m_atlas{schema, std::move(rules), domains}, m_counts(m_atlas.MethodCount())
{
}

Program Generator::Generate(base::Rng& rng)
{
    const bool misbehaves{RollMisbehaves(rng)};
    Growth growth{m_atlas, {}, misbehaves, m_counts, rng};
    growth.Open();
    for (uint64_t goals{PickGoalCount(rng)}; goals > 0 && !growth.Full(); --goals) {
        const StepIndex connection{PickConnection(growth)};
        if (const auto method{PickGoal(rng)}) Reach(growth, *method, connection);
    }
    const bool signals{RollSignal(m_atlas, growth.Soil(), rng)};
    for (const StepIndex connection : std::vector{growth.GetInventory().Open()}) {
        // What is pending stays so.
        if (!signals && rng.Percent(CLOSE_AT_END_PERCENT)) Close(growth, connection);
    }
    Program program{std::move(growth).Take()};
    AddRhythm(m_atlas, program, misbehaves, rng);
    if (misbehaves && rng.Percent(HOSTILE_PERCENT)) AddHostileBytes(m_atlas, program, rng);
    if (signals) program.steps.push_back(program::Signal{rng.Pick(m_atlas.GetRules().signals)});
    const base::Status valid{program::Validate(m_atlas.GetSchema(), program)};
    CHECK(valid, valid.GetError().message);
    return program;
}

std::optional<MethodRef> Generator::PickGoal(base::Rng& rng) const
{
    if (Goals().empty()) return std::nullopt;
    // A goal that is wanted half as often counts as called twice as often as it was.
    const auto seen{[&](const Goal& goal) { return m_counts[m_atlas.Number(goal.method)] * 100 / goal.percent; }};
    const uint64_t least{seen(*std::ranges::min_element(Goals(), {}, seen))};
    std::vector<uint32_t> weights;
    for (const Goal& goal : Goals()) {
        weights.push_back(static_cast<uint32_t>(1 + NOVELTY * goal.percent / 100 / (1 + seen(goal) - least)));
    }
    return Goals()[rng.Weighted(weights)].method;
}

std::optional<StepIndex> Generator::Reach(Growth& growth, MethodRef method, StepIndex connection)
{
    const auto target{PickTarget(growth, method.interface, connection)};
    const auto call{target ? growth.AddCall(method, *target) : std::nullopt};
    // A failed attempt counts too, or what cannot be reached would be tried for ever.
    if (!call) ++m_counts[m_atlas.Number(method)];
    return call;
}

std::optional<CapabilityRef> Generator::PickTarget(Growth& growth, uint32_t interface, StepIndex connection)
{
    base::Rng& rng{growth.GetRng()};
    if (growth.Misbehaves() && rng.Percent(MISTAKEN_TARGET_PERCENT)) {
        const std::vector<CapabilityRef> mistaken{growth.Mistaken(interface, connection)};
        if (!mistaken.empty()) return rng.Pick(mistaken);
    }
    auto target{growth.Obtain(interface, connection)};
    if (target && growth.Misbehaves() && rng.Percent(RELEASED_TARGET_PERCENT)) growth.Add(program::Drop{*target});
    return target;
}

size_t Generator::InsertGoal(Program& program, StepIndex position, base::Rng& rng)
{
    Growth growth{m_atlas, Prefix(program, position), RollMisbehaves(rng), m_counts, rng};
    const std::vector<StepIndex>& open{growth.GetInventory().Open()};
    const auto method{PickGoal(rng)};
    if (open.empty() || !method) return 0;
    Reach(growth, *method, rng.Pick(open));
    const std::span<const program::Step> added{std::span{growth.Soil().steps}.subspan(position)};
    Splice(program, position, added);
    return added.size();
}

program::Value Generator::MakeSlotValue(Program& program, StepIndex& call, const domain::Slot& slot, base::Rng& rng)
{
    Growth growth{m_atlas, Prefix(program, call), RollMisbehaves(rng), m_counts, rng};
    program::Value value{MakeValue(growth, slot)};
    const std::span<const program::Step> added{std::span{growth.Soil().steps}.subspan(call)};
    Splice(program, call, added);
    call += static_cast<StepIndex>(added.size());
    return value;
}

} // namespace mpfuzz::generate
