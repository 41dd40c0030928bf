#include <mpfuzz/generate/generator.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/generate/hostile.h>
#include <mpfuzz/generate/timing.h>
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

// All numbers here are guesses.

// How many goals a program has, and how often a connection is opened or closed between two of them.
constexpr uint64_t FEW_GOALS{3};
constexpr uint64_t MORE_GOALS{10};
constexpr unsigned OPEN_PERCENT{8};
constexpr unsigned CLOSE_PERCENT{3};
constexpr unsigned CLOSE_AT_END_PERCENT{40};
// How often a misbehaving program calls a goal on an object of another interface, or on a released one.
constexpr unsigned OTHER_INTERFACE_TARGET_PERCENT{8};
constexpr unsigned RELEASED_TARGET_PERCENT{5};
// Percentage of misbehaving programs that send hand-made messages or bytes.
constexpr unsigned HOSTILE_PERCENT{15};
// How often a program asks the target to shut down with a signal, if the rules allow that. It is rare, because the
// target must then be started again. Programs with a call that may block do it more often: a shutdown is most likely to
// fail while calls are pending.
constexpr uint64_t SIGNAL_ONE_IN{200};
constexpr uint64_t SIGNAL_WAITING_ONE_IN{20};
// Weight of the method that was called least. A method that was called very often has the weight 1.
constexpr uint64_t LEAST_CALLED_WEIGHT{1000};

//! At least 1. Small numbers are more likely.
uint64_t PickGoalCount(base::Rng& rng) { return 1 + rng.Below(FEW_GOALS) + rng.SkewedLength(MORE_GOALS); }

program::Disconnect::How PickClosing(bool misbehaves, base::Rng& rng)
{
    // Clean, abrupt, half, torn.
    static constexpr std::array<uint32_t, 4> WELL_BEHAVED{80, 20, 0, 0};
    static constexpr std::array<uint32_t, 4> MISBEHAVING{35, 45, 10, 10};
    return static_cast<program::Disconnect::How>(rng.Weighted(misbehaves ? MISBEHAVING : WELL_BEHAVED));
}

void Close(ProgramBuilder& builder, StepIndex connection)
{
    const auto how{PickClosing(builder.Misbehaves(), builder.GetRng())};
    builder.Add(program::Disconnect{connection, how});
}

//! An open connection for the next goal. Before that, sometimes closes a connection or opens another one.
StepIndex PickConnection(ProgramBuilder& builder)
{
    base::Rng& rng{builder.GetRng()};
    const std::vector<StepIndex>& open{builder.GetInventory().Open()};
    if (!open.empty() && rng.Percent(CLOSE_PERCENT)) Close(builder, rng.Pick(open));
    const bool room{open.size() < builder.GetSchemaIndex().GetRules().max_connections};
    if (open.empty() || (room && rng.Percent(OPEN_PERCENT))) builder.Open();
    return rng.OneIn(2) ? open.back() : rng.Pick(open);
}

bool MayWait(const SchemaIndex& schema_index, const Program& program)
{
    return std::ranges::any_of(program.steps, [&](const program::Step& step) {
        const auto* call{std::get_if<program::Call>(&step)};
        return call && schema_index.MayBlock(call->method);
    });
}

//! True if the program is to ask the target to shut down with a signal.
bool ShouldSignal(const SchemaIndex& schema_index, const Program& program, base::Rng& rng)
{
    if (schema_index.GetRules().signals.empty()) return false;
    return rng.OneIn(MayWait(schema_index, program) ? SIGNAL_WAITING_ONE_IN : SIGNAL_ONE_IN);
}

//! Inserts steps before step `position` of a program. They refer only to steps before that position, or to each other.
void InsertBefore(Program& program, StepIndex position, std::span<const program::Step> added)
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

Generator::Generator(const schema::Schema& schema, program::TargetRules rules, std::span<const domain::Domain> domains)
    : m_schema_index{schema, std::move(rules), domains}, m_counts(m_schema_index.MethodCount())
{
}

Program Generator::Generate(base::Rng& rng)
{
    const bool misbehaves{ShouldMisbehave(rng)};
    ProgramBuilder builder{m_schema_index, {}, misbehaves, m_counts, rng};
    builder.Open();
    for (uint64_t goals{PickGoalCount(rng)}; goals > 0 && !builder.Full(); --goals) {
        const StepIndex connection{PickConnection(builder)};
        if (const auto method{PickGoal(rng)}) AddGoal(builder, *method, connection);
    }
    const bool signals{ShouldSignal(m_schema_index, builder.GetProgram(), rng)};
    for (const StepIndex connection : std::vector{builder.GetInventory().Open()}) {
        // Before a signal, close no connection, so that pending calls stay pending.
        if (!signals && rng.Percent(CLOSE_AT_END_PERCENT)) Close(builder, connection);
    }
    Program program{std::move(builder).Take()};
    AddTiming(m_schema_index, program, misbehaves, rng);
    if (misbehaves && rng.Percent(HOSTILE_PERCENT)) AddHostileBytes(m_schema_index, program, rng);
    if (signals) program.steps.push_back(program::Signal{rng.Pick(m_schema_index.GetRules().signals)});
    const base::Status valid{program::Validate(m_schema_index.GetSchema(), program)};
    CHECK(valid, valid.GetError().message);
    return program;
}

std::optional<MethodRef> Generator::PickGoal(base::Rng& rng) const
{
    if (Goals().empty()) return std::nullopt;
    // For a goal with 50 percent, each call counts twice.
    const auto seen{
        [&](const Goal& goal) { return m_counts[m_schema_index.Number(goal.method)] * 100 / goal.percent; }};
    const uint64_t least{seen(*std::ranges::min_element(Goals(), {}, seen))};
    std::vector<uint32_t> weights;
    for (const Goal& goal : Goals()) {
        weights.push_back(
            static_cast<uint32_t>(1 + LEAST_CALLED_WEIGHT * goal.percent / 100 / (1 + seen(goal) - least)));
    }
    return Goals()[rng.Weighted(weights)].method;
}

std::optional<StepIndex> Generator::AddGoal(ProgramBuilder& builder, MethodRef method, StepIndex connection)
{
    const auto target{PickTarget(builder, method.interface, connection)};
    const auto call{target ? builder.AddCall(method, *target) : std::nullopt};
    // Count a failed attempt, too. Otherwise a method that cannot be called would always be preferred.
    if (!call) ++m_counts[m_schema_index.Number(method)];
    return call;
}

std::optional<CapabilityRef> Generator::PickTarget(ProgramBuilder& builder, uint32_t interface, StepIndex connection)
{
    base::Rng& rng{builder.GetRng()};
    if (builder.Misbehaves() && rng.Percent(OTHER_INTERFACE_TARGET_PERCENT)) {
        const std::vector<CapabilityRef> other_interface{builder.OfOtherInterface(interface, connection)};
        if (!other_interface.empty()) return rng.Pick(other_interface);
    }
    auto target{builder.Obtain(interface, connection)};
    if (target && builder.Misbehaves() && rng.Percent(RELEASED_TARGET_PERCENT)) builder.Add(program::Drop{*target});
    return target;
}

size_t Generator::InsertGoal(Program& program, StepIndex position, base::Rng& rng)
{
    ProgramBuilder builder{m_schema_index, Prefix(program, position), ShouldMisbehave(rng), m_counts, rng};
    const std::vector<StepIndex>& open{builder.GetInventory().Open()};
    const auto method{PickGoal(rng)};
    if (open.empty() || !method) return 0;
    AddGoal(builder, *method, rng.Pick(open));
    const std::span<const program::Step> added{std::span{builder.GetProgram().steps}.subspan(position)};
    InsertBefore(program, position, added);
    return added.size();
}

program::Value Generator::MakeValueFor(Program& program, StepIndex& call, const domain::SourceContext& source_context,
                                       base::Rng& rng)
{
    ProgramBuilder builder{m_schema_index, Prefix(program, call), ShouldMisbehave(rng), m_counts, rng};
    program::Value value{MakeValue(builder, source_context)};
    const std::span<const program::Step> added{std::span{builder.GetProgram().steps}.subspan(call)};
    InsertBefore(program, call, added);
    call += static_cast<StepIndex>(added.size());
    return value;
}

} // namespace mpfuzz::generate
