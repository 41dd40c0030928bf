#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::CapabilityRef;
using program::Program;
using program::StepIndex;

namespace {

bool CanMove(const program::Step& step)
{
    return std::holds_alternative<program::Bootstrap>(step) || std::holds_alternative<program::Call>(step) ||
           std::holds_alternative<program::Disconnect>(step);
}

//! Another connection that is open there. Opened in front of the step, which moves up, where there is none.
std::optional<StepIndex> PickOther(Context& context, Program& program, StepIndex& step, StepIndex current)
{
    const generate::Inventory stock{context.Before(program, step)};
    std::vector<StepIndex> others{stock.Open()};
    std::erase(others, current);
    if (!others.empty()) return context.rng.Pick(others);
    const bool is_bootstrap{std::holds_alternative<program::Bootstrap>(program.steps[step])};
    if (!is_bootstrap || context.Room(program) == 0) return std::nullopt;
    if (stock.Open().size() >= context.schema_index.GetRules().max_connections) return std::nullopt;
    InsertSteps(program, step, {program::Connect{}});
    return step++;
}

//! A live capability of an interface on that connection.
std::optional<CapabilityRef> PickOn(Context& context, const generate::Inventory& stock, uint32_t interface,
                                    StepIndex connection)
{
    std::vector<CapabilityRef> candidates;
    for (const generate::Item& item : stock.Items()) {
        const bool fits{item.live && item.connection == connection};
        if (fits && context.schema.Extends(item.interface, interface)) candidates.push_back(item.ref);
    }
    if (candidates.empty()) return std::nullopt;
    return context.rng.Pick(candidates);
}

bool MoveCall(Context& context, Program& program, StepIndex step, StepIndex from, StepIndex to)
{
    const generate::Inventory stock{context.Before(program, step)};
    auto& call{std::get<program::Call>(program.steps[step])};
    auto target{PickOn(context, stock, call.method.interface, to)};
    if (!target) return false;
    call.target = std::move(*target);
    // What has no counterpart there stays, and is foreign.
    program::ForEachCapability(program.steps[step], [&](CapabilityRef& ref) {
        const auto interface = program::InterfaceOf(context.schema, program, ref);
        if (!interface || program::ConnectionOf(program, ref.step) != from) return;
        if (auto counterpart{PickOn(context, stock, *interface, to)}) ref = std::move(*counterpart);
    });
    return true;
}

} // namespace

bool MoveToConnection(Program& program, Context& context)
{
    const auto picked{PickStep(program, context.rng, CanMove)};
    if (!picked) return false;
    StepIndex step{*picked};
    const auto from{program::ConnectionOf(program, step)};
    if (!from) return false;
    const auto to{PickOther(context, program, step, *from)};
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

} // namespace mpfuzz::mutate
