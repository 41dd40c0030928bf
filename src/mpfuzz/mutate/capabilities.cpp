#include <mpfuzz/mutate/steps.h>
#include <mpfuzz/mutate/value_ref.h>

#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>

#include <array>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::StepIndex;
using program::Value;
using schema::Kind;

namespace {

// All numbers here are guesses, unmeasured.

// How often BreakValue changes the target of a call instead of an argument, and how often it sets a value to null.
constexpr uint64_t BREAK_TARGET_ONE_IN{4};
constexpr uint64_t BREAK_WITH_NULL_ONE_IN{4};
// Lengths of very long lists. 64 Ki pointers are a megabyte on the wire.
constexpr uint64_t LONG_NUMBERS{program::MAX_REPEAT};
constexpr uint64_t LONG_POINTERS{1 << 16};

//! Picks a live capability other than `current` that exists before a step, has the interface, and belongs to the same
//! connection as step `like`. Returns nullopt if there is none.
std::optional<CapabilityRef> PickAnother(const Context& context, const Program& program, StepIndex step,
                                         uint32_t interface, StepIndex like, const CapabilityRef* current,
                                         bool is_argument)
{
    const auto connection{program::ConnectionOf(program, like)};
    return PickCapability(context.Before(program, step), context.rng, [&](const generate::Item& item) {
        // An object that we serve can be an argument on any connection. It cannot be the target of a call, because such
        // a call would not reach the target process.
        const bool near{item.connection == connection || (!item.connection && is_argument)};
        return item.live && near && context.schema.Extends(item.interface, interface) &&
               (!current || item.ref != *current);
    });
}

//! Retargets a Call or a Drop.
bool RetargetStep(Program& program, Context& context)
{
    const auto step{PickStep(program, context.rng, [](const program::Step& candidate) {
        return std::holds_alternative<program::Call>(candidate) || std::holds_alternative<program::Drop>(candidate);
    })};
    if (!step) return false;
    auto* call{std::get_if<program::Call>(&program.steps[*step])};
    CapabilityRef& ref{call ? call->target : std::get<program::Drop>(program.steps[*step]).capability};
    const auto interface = call ? call->method.interface : program::InterfaceOf(context.schema, program, ref);
    if (!interface) return false;
    auto another{PickAnother(context, program, *step, *interface, ref.step, &ref, /*is_argument=*/false)};
    if (another) ref = std::move(*another);
    return another.has_value();
}

bool RetargetArgument(Program& program, Context& context)
{
    const auto picked{PickValue(context, program, [](const ValueRef& candidate) {
        const bool holds{program::HoldsCapability(candidate.type.kind)};
        return holds && !candidate.served && !candidate.value->As<program::AnyValue>();
    })};
    const auto* call{picked ? std::get_if<program::Call>(&program.steps[picked->step]) : nullptr};
    if (!call) return false;
    const auto* current{picked->value->As<CapabilityRef>()};
    std::optional<uint32_t> interface;
    if (picked->type.kind == Kind::INTERFACE) {
        interface = picked->type.index;
    } else if (current) {
        interface = program::InterfaceOf(context.schema, program, *current);
    }
    if (!interface) return false;
    auto another{
        PickAnother(context, program, picked->step, *interface, call->target.step, current, /*is_argument=*/true)};
    if (another) *picked->value = std::move(*another);
    return another.has_value();
}

} // namespace

bool RetargetCapability(Program& program, Context& context)
{
    if (context.rng.OneIn(2)) return RetargetStep(program, context) || RetargetArgument(program, context);
    return RetargetArgument(program, context) || RetargetStep(program, context);
}

namespace {

//! Picks a connection other than `current` that is open before a step. If there is none, and the step is a Bootstrap,
//! inserts a Connect before it and increases `step`.
std::optional<StepIndex> PickOtherConnection(Context& context, Program& program, StepIndex& step, StepIndex current)
{
    const generate::Inventory inventory{context.Before(program, step)};
    std::vector<StepIndex> others{inventory.Open()};
    std::erase(others, current);
    if (!others.empty()) return context.rng.Pick(others);
    const bool is_bootstrap{std::holds_alternative<program::Bootstrap>(program.steps[step])};
    if (!is_bootstrap || context.Room(program) == 0) return std::nullopt;
    if (inventory.Open().size() >= context.schema_index.GetRules().max_connections) return std::nullopt;
    InsertSteps(program, step, {program::Connect{}});
    return step++;
}

bool MoveCall(Context& context, Program& program, StepIndex step, StepIndex from, StepIndex to)
{
    const generate::Inventory inventory{context.Before(program, step)};
    const auto pick{[&](uint32_t interface) {
        return PickCapability(inventory, context.rng, [&](const generate::Item& item) {
            return item.live && item.connection == to && context.schema.Extends(item.interface, interface);
        });
    }};
    auto& call{std::get<program::Call>(program.steps[step])};
    auto target{pick(call.method.interface)};
    if (!target) return false;
    call.target = std::move(*target);
    // A capability without a counterpart stays: the call then passes a capability of another connection.
    program::ForEachCapability(program.steps[step], [&](CapabilityRef& ref) {
        const auto interface = program::InterfaceOf(context.schema, program, ref);
        if (!interface || program::ConnectionOf(program, ref.step) != from) return;
        if (auto counterpart{pick(*interface)}) ref = std::move(*counterpart);
    });
    return true;
}

} // namespace

bool MoveToConnection(Program& program, Context& context)
{
    const auto picked{PickStep(program, context.rng, [](const program::Step& step) {
        return std::holds_alternative<program::Bootstrap>(step) || std::holds_alternative<program::Call>(step) ||
               std::holds_alternative<program::Disconnect>(step);
    })};
    if (!picked) return false;
    StepIndex step{*picked};
    const auto from{program::ConnectionOf(program, step)};
    if (!from) return false;
    const auto to{PickOtherConnection(context, program, step, *from)};
    if (!to) return false;
    if (auto* bootstrap{std::get_if<program::Bootstrap>(&program.steps[step])}) {
        bootstrap->connection = *to;
    } else if (auto* disconnect{std::get_if<program::Disconnect>(&program.steps[step])}) {
        disconnect->connection = *to;
    } else {
        return MoveCall(context, program, step, *from, *to);
    }
    return true;
}

namespace {

//! Picks a capability that is wrong for a call or argument: one of another interface or connection, or a released one.
std::optional<CapabilityRef> PickWrong(const Context& context, const Program& program, StepIndex step,
                                       uint32_t interface, StepIndex like, bool is_argument)
{
    const auto connection{program::ConnectionOf(program, like)};
    return PickCapability(context.Before(program, step), context.rng, [&](const generate::Item& item) {
        const bool valid{item.live && context.schema.Extends(item.interface, interface) &&
                         (!item.connection || item.connection == connection)};
        // A call of an object that we serve would not reach the target process.
        return !valid && (item.connection || is_argument);
    });
}

//! Calls a method on a capability that does not have it, or that is released.
bool BreakTarget(Program& program, Context& context)
{
    const auto step{PickStepOf<program::Call>(program, context.rng)};
    if (!step) return false;
    auto& call{std::get<program::Call>(program.steps[*step])};
    auto wrong{PickWrong(context, program, *step, call.method.interface, call.target.step, /*is_argument=*/false)};
    if (wrong) call.target = std::move(*wrong);
    return wrong.has_value();
}

Value BreakEnum(const Context& context, schema::Type type)
{
    const size_t known{context.schema.Enums().at(type.index).enumerants.size()};
    const size_t raw{context.rng.OneIn(2) ? known : context.rng.Below(0x10000)};
    return program::EnumValue{static_cast<uint16_t>(raw)};
}

Value BreakText(base::Rng& rng, const Value& text)
{
    // A NUL, a byte that never occurs in UTF-8, one half of a surrogate pair, an incomplete sequence.
    static constexpr std::array<std::string_view, 4> BROKEN{{{"\0", 1}, "\xff", "\xed\xa0\x80", "\xe2\x82"}};
    const auto* blob{text.As<program::Blob>()};
    std::string bytes{blob ? blob->bytes : ""};
    bytes.insert(rng.Below(bytes.size() + 1), rng.Pick(BROKEN));
    return program::Blob{std::move(bytes)};
}

Value BreakList(const Context& context, schema::Type type, const Value& value)
{
    const schema::Type element{context.schema.Element(type)};
    const auto* list{value.As<program::ListValue>()};
    const bool has_element{list && !list->elements.empty()};
    const uint64_t longest{schema::IsPointer(element.kind) ? LONG_POINTERS : LONG_NUMBERS};
    const uint64_t count{longest >> context.rng.Below(6)};
    return program::RepeatValue{count, {has_element ? list->elements[0] : MakeAtom(context, element)}};
}

void BreakValueAt(const Context& context, Program& program, const ValueRef& picked)
{
    const auto* call{std::get_if<program::Call>(&program.steps[picked.step])};
    if (call && !picked.served && picked.type.kind == Kind::INTERFACE) {
        auto wrong{
            PickWrong(context, program, picked.step, picked.type.index, call->target.step, /*is_argument=*/true)};
        if (wrong) {
            *picked.value = std::move(*wrong);
            return;
        }
    }
    switch (picked.type.kind) {
    case Kind::ENUM: *picked.value = BreakEnum(context, picked.type); break;
    case Kind::TEXT: *picked.value = BreakText(context.rng, *picked.value); break;
    case Kind::LIST: *picked.value = BreakList(context, picked.type, *picked.value); break;
    default: *picked.value = program::Null{};
    }
}

} // namespace

bool BreakValue(Program& program, Context& context)
{
    if (context.rng.OneIn(BREAK_TARGET_ONE_IN)) return BreakTarget(program, context);
    const auto picked{PickValue(context, program, [&](const ValueRef& candidate) {
        return candidate.type.kind == Kind::ENUM || CanBeNull(context.schema, candidate);
    })};
    if (!picked) return BreakTarget(program, context);
    if (context.rng.OneIn(BREAK_WITH_NULL_ONE_IN) && CanBeNull(context.schema, *picked)) {
        *picked->value = program::Null{};
    } else {
        BreakValueAt(context, program, *picked);
    }
    return true;
}

} // namespace mpfuzz::mutate
