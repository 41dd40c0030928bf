#include <mpfuzz/program/edit.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mpfuzz::program {
namespace {

//! Changes the step numbers in all references and moments of a step, by calling a function for each.
template<typename MoveReference, typename MoveMoment>
void Move(Step& step, const MoveReference& reference, const MoveMoment& moment)
{
    ForEachReference(step, [&](StepIndex& named) { named = reference(named); });
    ForEachMoment(step, [&](uint32_t& at) { at = moment(at); });
}

uint32_t ClampMoment(size_t moment) { return static_cast<uint32_t>(std::min(moment, MAX_STEPS)); }

//! Repairs the values of a step that is kept. Capabilities of removed steps become null, and data of removed steps is
//! removed.
void Repair(Step& step, const std::vector<bool>& removed)
{
    const auto is_gone{[&removed](const Value& value) {
        const auto* data{value.As<DataRef>()};
        return data && removed[data->step];
    }};
    const auto in_fields{[&](std::vector<FieldValue>& fields) {
        std::erase_if(fields, [&](const FieldValue& field) { return is_gone(field.value); });
    }};
    const auto in_value{[&](Value& value) {
        if (const auto* ref{value.As<CapabilityRef>()}; ref && removed[ref->step]) {
            value.content = Null{};
        } else if (auto* list{value.As<ListValue>()}) {
            std::erase_if(list->elements, is_gone);
        } else if (auto* repeat{value.As<RepeatValue>()}) {
            if (is_gone(repeat->element.at(0))) value.content = ListValue{};
        } else if (auto* any{value.As<AnyValue>()}) {
            if (is_gone(any->value.at(0))) value.content = Null{};
        }
    }};
    ForEachValue(step, Overloaded{in_fields, in_value});
}

} // namespace

size_t RemoveStep(Program& program, StepIndex step) { return RemoveSteps(program, step, step + 1); }

size_t RemoveSteps(Program& program, StepIndex begin, StepIndex end)
{
    const size_t size{program.steps.size()};
    CHECK(begin < end && end <= size, begin, end, size);
    std::vector<bool> removed(size);
    std::vector<StepIndex> moved(size + 1);
    StepIndex kept{0};
    for (StepIndex i{0}; i < size; ++i) {
        const StepIndex* essential{i >= end ? EssentialReference(program.steps[i]) : nullptr};
        removed[i] = (i >= begin && i < end) || (essential && removed[*essential]);
        moved[i] = kept;
        if (!removed[i]) ++kept;
    }
    moved[size] = kept;
    const auto reference{[&](StepIndex index) { return moved[index]; }};
    const auto moment{[&](uint32_t at) { return at <= size ? moved[at] : static_cast<uint32_t>(at - (size - kept)); }};
    for (StepIndex i{0}; i < size; ++i) {
        if (removed[i]) continue;
        if (i >= end) Repair(program.steps[i], removed);
        Move(program.steps[i], reference, moment);
        if (moved[i] != i) program.steps[moved[i]] = std::move(program.steps[i]);
    }
    program.steps.resize(kept);
    return size - kept;
}

void InsertStep(Program& program, StepIndex position, Step step)
{
    CHECK(position <= program.steps.size(), position, program.steps.size());
    const auto up{[position](uint32_t index) { return index >= position ? index + 1 : index; }};
    for (Step& other : program.steps) Move(other, up, [&](uint32_t at) { return ClampMoment(up(at)); });
    program.steps.insert(program.steps.begin() + position, std::move(step));
}

std::optional<Program> AwaitEach(Program program)
{
    for (size_t step{program.steps.size()}; step-- > 0;) {
        if (!std::holds_alternative<Call>(program.steps[step])) continue;
        if (program.steps.size() == MAX_STEPS) return std::nullopt;
        const auto call{static_cast<StepIndex>(step)};
        InsertStep(program, call + 1, Await{.call = call});
    }
    return program;
}

std::optional<Program> DelayGivingUp(Program program, uint32_t ms)
{
    bool delayed{false};
    for (size_t step{program.steps.size()}; step-- > 0;) {
        const Step& here{program.steps[step]};
        const bool gives_up{std::holds_alternative<Cancel>(here) || std::holds_alternative<Drop>(here) ||
                            std::holds_alternative<Disconnect>(here) || std::holds_alternative<Signal>(here)};
        if (!gives_up) continue;
        if (program.steps.size() == MAX_STEPS) return std::nullopt;
        InsertStep(program, static_cast<StepIndex>(step), Delay{.ms = ms});
        delayed = true;
    }
    return delayed ? std::optional{std::move(program)} : std::nullopt;
}

void Append(Program& program, const Program& tail)
{
    const size_t offset{program.steps.size()};
    const auto up{[offset](uint32_t index) { return static_cast<uint32_t>(index + offset); }};
    const size_t added{tail.steps.size()};
    // Reserve first, because `tail` may be the program itself.
    program.steps.reserve(offset + added);
    for (size_t i{0}; i < added; ++i) {
        program.steps.push_back(tail.steps[i]);
        Move(program.steps.back(), up, [&](uint32_t at) { return ClampMoment(at + offset); });
    }
}

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
