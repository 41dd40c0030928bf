#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>
#include <array>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::StepIndex;
using program::Value;
using schema::Kind;

namespace {

// Lists longer than sane: of numbers and of pointers. 64 Ki pointers are a megabyte on the wire; guesses, unmeasured.
constexpr uint64_t LONG_NUMBERS{program::MAX_REPEAT};
constexpr uint64_t LONG_POINTERS{1 << 16};

//! A capability that does not belong there: of another interface or connection, or released.
std::optional<CapabilityRef> PickWrong(const Context& context, const Program& program, StepIndex step,
                                       uint32_t interface, StepIndex like, bool is_argument)
{
    const auto connection{program::ConnectionOf(program, like)};
    const generate::Inventory stock{context.Before(program, step)};
    std::vector<CapabilityRef> candidates;
    for (const generate::Item& item : stock.Items()) {
        const bool right{item.live && context.schema.Extends(item.interface, interface) &&
                         (!item.connection || item.connection == connection)};
        // A call on an object of ours would not leave this process.
        if (!right && (item.connection || is_argument)) candidates.push_back(item.ref);
    }
    if (candidates.empty()) return std::nullopt;
    return context.rng.Pick(candidates);
}

//! Call a method on what does not have it, or is not there any more.
bool BreakTarget(Program& program, Context& context)
{
    const auto step{PickStepOf<program::Call>(program, context.rng)};
    if (!step) return false;
    auto& call{std::get<program::Call>(program.steps[*step])};
    auto wrong{PickWrong(context, program, *step, call.method.interface, call.target.step, /*is_argument=*/false)};
    if (wrong) call.target = std::move(*wrong);
    return wrong.has_value();
}

bool CanBreak(const Context& context, const ValueRef& site)
{
    return site.type.kind == Kind::ENUM || CanBeNull(context.schema, site);
}

Value BreakEnum(const Context& context, schema::Type type)
{
    const size_t known{context.schema.Enums().at(type.index).enumerants.size()};
    const size_t raw{context.rng.OneIn(2) ? known : context.rng.Below(0x10000)};
    return program::EnumValue{static_cast<uint16_t>(raw)};
}

Value BreakText(base::Rng& rng, const Value& text)
{
    // An early end, a byte that never occurs, half a surrogate pair, a cut sequence.
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

bool BreakValueAt(const Context& context, Program& program, const ValueRef& site)
{
    const auto* call{std::get_if<program::Call>(&program.steps[site.step])};
    if (call && !site.served && site.type.kind == Kind::INTERFACE) {
        if (auto wrong{
                PickWrong(context, program, site.step, site.type.index, call->target.step, /*is_argument=*/true)}) {
            *site.value = std::move(*wrong);
            return true;
        }
    }
    switch (site.type.kind) {
    case Kind::ENUM: *site.value = BreakEnum(context, site.type); break;
    case Kind::TEXT: *site.value = BreakText(context.rng, *site.value); break;
    case Kind::LIST: *site.value = BreakList(context, site.type, *site.value); break;
    default: *site.value = program::Null{};
    }
    return true;
}

} // namespace

bool BreakValue(Program& program, Context& context)
{
    // Guesses, unmeasured: one in four a target, of the others one in four null.
    if (context.rng.OneIn(4)) return BreakTarget(program, context);
    const auto site{
        PickValue(context, program, [&](const ValueRef& candidate) { return CanBreak(context, candidate); })};
    if (!site) return BreakTarget(program, context);
    if (context.rng.OneIn(4) && CanBeNull(context.schema, *site)) {
        *site->value = program::Null{};
        return true;
    }
    return BreakValueAt(context, program, *site);
}

} // namespace mpfuzz::mutate
