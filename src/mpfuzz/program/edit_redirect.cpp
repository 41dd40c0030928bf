#include <mpfuzz/program/edit.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>

#include <optional>
#include <utility>

namespace mpfuzz::program {
namespace {

//! The first Bootstrap of the same connection and interface before a step.
std::optional<StepIndex> EarlierBootstrap(const Program& program, StepIndex step)
{
    const auto& bootstrap{std::get<Bootstrap>(program.steps[step])};
    for (StepIndex i{0}; i < step; ++i) {
        const auto* earlier{std::get_if<Bootstrap>(&program.steps[i])};
        if (earlier && *earlier == bootstrap) return i;
    }
    return std::nullopt;
}

std::vector<Path> PathsTo(const schema::Schema& schema, uint32_t interface, schema::MethodRef method)
{
    std::vector<Path> paths;
    for (const schema::Occurrence& occurrence : schema.Producers(interface)) {
        if (occurrence.method != method || occurrence.path.size() > MAX_DEPTH) continue;
        Path& path{paths.emplace_back()};
        for (const schema::PathStep& step : occurrence.path) {
            const bool is_field{step.kind == schema::PathStep::Kind::FIELD};
            path.push_back({is_field ? PathElement::Kind::FIELD : PathElement::Kind::ELEMENT, step.field});
        }
    }
    return paths;
}

} // namespace

bool Interchangeable(const Program& program, StepIndex a, StepIndex b)
{
    const Step &one{program.steps.at(a)}, &other{program.steps.at(b)};
    if (one.index() != other.index()) return false;
    if (std::holds_alternative<Connect>(one)) return true;
    if (const auto* bootstrap{std::get_if<Bootstrap>(&one)}) {
        return bootstrap->interface == std::get<Bootstrap>(other).interface;
    }
    if (const auto* serve{std::get_if<Serve>(&one)}) {
        return serve->object.interface == std::get<Serve>(other).object.interface;
    }
    const auto* call{std::get_if<Call>(&one)};
    return call && call->method == std::get<Call>(other).method;
}

void Redirect(Program& program, StepIndex from, StepIndex to)
{
    CHECK(to < from && from < program.steps.size() && Interchangeable(program, from, to), from, to);
    for (Step& step : program.steps) {
        ForEachReference(step, [&](StepIndex& named) {
            if (named == from) named = to;
        });
    }
}

size_t MergeConnections(Program& program, StepIndex from, StepIndex into)
{
    CHECK(from < program.steps.size() && std::holds_alternative<Connect>(program.steps[from]), from);
    const size_t size{program.steps.size()};
    Redirect(program, from, into);
    RemoveStep(program, from);
    for (StepIndex i{0}; i < program.steps.size();) {
        const auto* bootstrap{std::get_if<Bootstrap>(&program.steps[i])};
        const auto first{bootstrap && bootstrap->connection == into ? EarlierBootstrap(program, i) : std::nullopt};
        if (first) {
            Redirect(program, i, *first);
            RemoveStep(program, i);
        } else {
            ++i;
        }
    }
    return size - program.steps.size();
}

bool InlineServed(const schema::Schema& schema, Program& program, StepIndex serve)
{
    CHECK(serve < program.steps.size() && std::holds_alternative<Serve>(program.steps[serve]), serve);
    size_t uses{0};
    StepIndex user{0};
    for (StepIndex i{serve + 1}; i < program.steps.size(); ++i) {
        const StepIndex* essential{EssentialReference(program.steps[i])};
        if (essential && *essential == serve) return false;
        ForEachReference(program.steps[i], [&](StepIndex& named) {
            if (named != serve) return;
            ++uses;
            user = i;
        });
    }
    if (uses != 1) return false;
    Step before{program.steps[user]};
    ForEachValue(program.steps[user], [&](Value& value) {
        const auto* ref{value.As<CapabilityRef>()};
        const bool is_use{ref && ref->step == serve};
        if (is_use) value.content = std::get<Serve>(program.steps[serve]).object;
        return !is_use;
    });
    if (!ValidateStep(schema, program, user)) {
        program.steps[user] = std::move(before);
        return false;
    }
    RemoveStep(program, serve);
    return true;
}

std::vector<CapabilityRef> CapabilitiesBefore(const schema::Schema& schema, const Program& program, StepIndex step,
                                              uint32_t interface)
{
    std::vector<CapabilityRef> capabilities;
    for (StepIndex i{0}; i < step; ++i) {
        if (const auto* call{std::get_if<Call>(&program.steps[i])}) {
            for (Path& path : PathsTo(schema, interface, call->method)) capabilities.push_back({i, std::move(path)});
            continue;
        }
        const CapabilityRef ref{.step = i};
        const auto made{InterfaceOf(schema, program, ref)};
        if (made && schema.Extends(*made, interface)) capabilities.push_back(ref);
    }
    return capabilities;
}

} // namespace mpfuzz::program
