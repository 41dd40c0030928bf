#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/value_ref.h>
#include <mpfuzz/program/validate.h>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::StepIndex;

namespace {

//! Another live capability of an interface before a step, on the connection that `like` belongs to.
std::optional<CapabilityRef> PickLike(const Context& context, const Program& program, StepIndex step,
                                      uint32_t interface, StepIndex like, const CapabilityRef* current,
                                      bool is_argument)
{
    const auto connection{program::ConnectionOf(program, like)};
    const generate::Inventory stock{context.Before(program, step)};
    std::vector<CapabilityRef> candidates;
    for (const generate::Item& item : stock.Items()) {
        // An object of ours can be passed on any connection, and called on none.
        const bool near{item.connection == connection || (!item.connection && is_argument)};
        if (!item.live || !near || !context.schema.Extends(item.interface, interface)) continue;
        if (!current || item.ref != *current) candidates.push_back(item.ref);
    }
    if (candidates.empty()) return std::nullopt;
    return context.rng.Pick(candidates);
}

//! The target of a call, or what a Drop releases.
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
    auto other{PickLike(context, program, *step, *interface, ref.step, &ref, /*is_argument=*/false)};
    if (other) ref = std::move(*other);
    return other.has_value();
}

bool RetargetArgument(Program& program, Context& context)
{
    const auto site{PickValue(context, program, [](const ValueRef& candidate) {
        const bool holds{program::HoldsCapability(candidate.type.kind)};
        return holds && !candidate.served && !candidate.value->As<program::AnyValue>();
    })};
    const auto* call{site ? std::get_if<program::Call>(&program.steps[site->step]) : nullptr};
    if (!call) return false;
    const auto* current{site->value->As<CapabilityRef>()};
    std::optional<uint32_t> interface;
    if (site->type.kind == schema::Kind::INTERFACE) {
        interface = site->type.index;
    } else if (current) {
        interface = program::InterfaceOf(context.schema, program, *current);
    }
    if (!interface) return false;
    auto other{PickLike(context, program, site->step, *interface, call->target.step, current, /*is_argument=*/true)};
    if (other) *site->value = std::move(*other);
    return other.has_value();
}

} // namespace

bool RetargetCapability(Program& program, Context& context)
{
    if (context.rng.OneIn(2)) return RetargetStep(program, context) || RetargetArgument(program, context);
    return RetargetArgument(program, context) || RetargetStep(program, context);
}

} // namespace mpfuzz::mutate
