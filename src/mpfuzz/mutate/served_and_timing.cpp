#include <mpfuzz/mutate/steps.h>

#include <mpfuzz/generate/hostile.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/visit.h>
#include <mpfuzz/program/words.h>

#include <algorithm>
#include <array>

namespace mpfuzz::mutate {

using program::Disconnect;
using program::Program;
using program::Reaction;
using program::ServedObject;
using program::Step;
using program::StepIndex;

namespace {

// All numbers here are guesses, unmeasured.

// How often ChangeServed replaces all reactions of an object.
constexpr uint64_t WHOLE_OBJECT_ONE_IN{4};
// How often AwaitCall adds an Await for all calls so far, and how often PipelineCall removes every Await.
constexpr uint64_t AWAIT_ALL_ONE_IN{6};
constexpr uint64_t PIPELINE_ALL_ONE_IN{5};
// How often SendRaw sends bytes instead of a message.
constexpr uint64_t BYTES_ONE_IN{4};
// Longer delays would make the campaign slower and find little more.
constexpr uint32_t MAX_DELAY_MS{50};

ServedObject* PickServed(Program& program, base::Rng& rng)
{
    ServedObject* chosen{nullptr};
    uint64_t seen{0};
    for (Step& step : program.steps) {
        program::ForEachServed(step, [&](ServedObject& object) {
            if (rng.OneIn(++seen)) chosen = &object;
        });
    }
    return chosen;
}

//! Makes served objects and reactions like the generator, but without references to steps.
class ServedMaker
{
public:
    explicit ServedMaker(Context& context)
        : m_context{context}, m_misbehaves{context.rng.OneIn(2)}, m_counts(context.schema_index.MethodCount()),
          m_builder{context.schema_index, {}, m_misbehaves, m_counts, context.rng}
    {
    }

    ServedObject MakeObject(uint32_t interface)
    {
        return generate::MakeServed(m_builder, SourceContext(interface), interface);
    }

    Reaction MakeReaction(uint32_t interface, schema::MethodRef method)
    {
        m_builder.GetBudget() = {};
        m_builder.GetBudget().served_depth = 1;
        return generate::MakeReaction(m_builder, SourceContext(interface), method);
    }

private:
    domain::SourceContext SourceContext(uint32_t interface) const
    {
        static const schema::Struct NO_OWNER{};
        return {m_context.schema, {schema::Kind::INTERFACE, interface}, NO_OWNER, "", {}, m_no_target};
    }

    Context& m_context;
    const bool m_misbehaves;
    generate::CallCounts m_counts; // stays zero: no call is added
    const program::CapabilityRef m_no_target;
    generate::ProgramBuilder m_builder;
};

} // namespace

bool ChangeServed(Program& program, Context& context)
{
    ServedObject* const object{PickServed(program, context.rng)};
    if (!object) return false;
    ServedMaker maker{context};
    auto& reactions{object->reactions};
    if (context.rng.OneIn(WHOLE_OBJECT_ONE_IN)) {
        reactions = maker.MakeObject(object->interface).reactions;
        return true;
    }
    const auto& methods{context.schema.GetInterface(object->interface).all_methods};
    if (methods.empty()) return false;
    const schema::MethodRef method{context.rng.Pick(methods)};
    const auto place{std::ranges::lower_bound(reactions, method, {}, &Reaction::method)};
    const bool has{place != reactions.end() && place->method == method};
    if (!has) {
        reactions.insert(place, maker.MakeReaction(object->interface, method));
    } else if (context.rng.OneIn(2)) {
        *place = maker.MakeReaction(object->interface, method);
    } else {
        reactions.erase(place);
    }
    return true;
}

bool AwaitCall(Program& program, Context& context)
{
    if (context.Room(program) == 0) return false;
    const auto end{static_cast<StepIndex>(program.steps.size())};
    const generate::Inventory inventory{context.Before(program, end)};
    // Do not await a call that a correct server may leave unanswered: each such Await lasts until its deadline.
    std::vector<StepIndex> calls;
    bool may_hang{false};
    for (StepIndex step{0}; step < end; ++step) {
        if (!std::holds_alternative<program::Call>(program.steps[step])) continue;
        may_hang |= inventory.MayHang(step);
        if (!inventory.MayHang(step) && !inventory.Cancelled(step)) calls.push_back(step);
    }
    if (calls.empty()) return false;
    const StepIndex call{context.rng.Pick(calls)};
    const auto position{call + 1 + static_cast<StepIndex>(context.rng.SkewedLength(end - call - 1))};
    const bool all{!may_hang && context.rng.OneIn(AWAIT_ALL_ONE_IN)};
    InsertSteps(program, position, {all ? program::Await{} : program::Await{call}});
    return true;
}

bool PipelineCall(Program& program, Context& context)
{
    const bool all{context.rng.OneIn(PIPELINE_ALL_ONE_IN)};
    bool changed{false};
    while (const auto await{PickStepOf<program::Await>(program, context.rng)}) {
        program::RemoveStep(program, *await);
        changed = true;
        if (!all) break;
    }
    return changed;
}

namespace {

std::optional<Step> MakeDrop(const generate::Inventory& inventory, base::Rng& rng)
{
    auto live{PickCapability(inventory, rng, [](const generate::Item& item) { return item.live; })};
    if (!live) return std::nullopt;
    return program::Drop{std::move(*live)};
}

std::optional<Step> MakeCancel(const Program& program, StepIndex end, const generate::Inventory& inventory,
                               base::Rng& rng)
{
    std::vector<StepIndex> calls;
    for (StepIndex step{0}; step < end; ++step) {
        const bool is_call{std::holds_alternative<program::Call>(program.steps[step])};
        if (is_call && !inventory.Cancelled(step)) calls.push_back(step);
    }
    if (calls.empty()) return std::nullopt;
    return program::Cancel{rng.Pick(calls)};
}

std::optional<Step> MakeDisconnect(const generate::Inventory& inventory, base::Rng& rng)
{
    if (inventory.Open().empty()) return std::nullopt;
    const auto how{rng.OneIn(2) ? Disconnect::How::CLEAN : Disconnect::How::ABRUPT};
    return Disconnect{rng.Pick(inventory.Open()), how};
}

} // namespace

bool GiveUpEarly(Program& program, Context& context)
{
    if (program.steps.empty() || context.Room(program) == 0) return false;
    // Weights of the cases below: drop, cancel, disconnect.
    static constexpr std::array<uint32_t, 3> WEIGHTS{50, 30, 20};
    base::Rng& rng{context.rng};
    const auto position{static_cast<StepIndex>(1 + rng.Below(program.steps.size()))};
    const generate::Inventory inventory{context.Before(program, position)};
    std::optional<Step> step;
    switch (rng.Weighted(WEIGHTS)) {
    case 0: step = MakeDrop(inventory, rng); break;
    case 1: step = MakeCancel(program, position, inventory, rng); break;
    default: step = MakeDisconnect(inventory, rng);
    }
    if (!step) return false;
    InsertSteps(program, position, {std::move(*step)});
    return true;
}

bool SendRaw(Program& program, Context& context)
{
    if (program.steps.empty() || context.Room(program) == 0) return false;
    const auto position{static_cast<StepIndex>(1 + context.rng.Below(program.steps.size()))};
    const generate::Inventory inventory{context.Before(program, position)};
    if (inventory.Open().empty()) return false;
    const StepIndex connection{context.rng.Pick(inventory.Open())};
    if (context.rng.OneIn(BYTES_ONE_IN)) {
        InsertSteps(program, position, {generate::MakeHostileBytes(connection, context.rng)});
        return true;
    }
    auto message{generate::MakeHostileMessage(context.schema_index, connection, context.rng)};
    if (!message) return false;
    InsertSteps(program, position, {std::move(*message)});
    return true;
}

namespace {

program::Delay MakeDelay(base::Rng& rng) { return {static_cast<uint32_t>(1 + rng.SkewedLength(MAX_DELAY_MS - 1))}; }

Disconnect::How AnotherWay(base::Rng& rng, Disconnect::How how)
{
    constexpr uint64_t WAYS{program::DISCONNECT_WORDS.size()};
    return static_cast<Disconnect::How>((static_cast<uint64_t>(how) + 1 + rng.Below(WAYS - 1)) % WAYS);
}

} // namespace

bool ChangeTiming(Program& program, Context& context)
{
    const auto step{PickStep(program, context.rng, [](const Step& candidate) {
        return std::holds_alternative<program::Delay>(candidate) || std::holds_alternative<Disconnect>(candidate);
    })};
    const bool insert{!step || context.rng.OneIn(3)};
    if (insert) {
        if (context.Room(program) == 0 || program.steps.empty()) return false;
        const auto position{static_cast<StepIndex>(1 + context.rng.Below(program.steps.size()))};
        InsertSteps(program, position, {MakeDelay(context.rng)});
    } else if (auto* delay{std::get_if<program::Delay>(&program.steps[*step])}) {
        *delay = MakeDelay(context.rng);
    } else {
        auto& disconnect{std::get<Disconnect>(program.steps[*step])};
        disconnect.how = AnotherWay(context.rng, disconnect.how);
    }
    return true;
}

} // namespace mpfuzz::mutate
