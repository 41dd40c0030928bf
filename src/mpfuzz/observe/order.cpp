#include <mpfuzz/observe/order.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/observe/values.h>

#include <algorithm>
#include <set>
#include <string>

namespace mpfuzz::observe {
namespace {

using program::Call;
using program::StepIndex;

std::vector<std::string_view> SplitPath(std::string_view path)
{
    std::vector<std::string_view> names;
    for (;;) {
        const size_t dot{path.find('.')};
        names.push_back(path.substr(0, dot));
        if (dot == std::string_view::npos) return names;
        path.remove_prefix(dot + 1);
    }
}

//! The path to those fields. Returns nullopt if a struct has no such field.
std::optional<program::Path> FindPath(const schema::Schema& schema, uint32_t struct_index,
                                      const std::vector<std::string_view>& names)
{
    program::Path path;
    schema::Type type{schema::Kind::STRUCT, struct_index};
    for (const std::string_view name : names) {
        if (type.kind != schema::Kind::STRUCT) return std::nullopt;
        const auto field{schema.GetStruct(type.index).FindField(name)};
        if (!field) return std::nullopt;
        path.push_back({program::PathElement::Kind::FIELD, *field});
        type = schema.GetStruct(type.index).fields[*field].type;
    }
    return path;
}

//! Valid paths, for the suggestion "did you mean": capabilities in parameters, and in structs that are parameters.
std::vector<std::string> Candidates(const schema::Schema& schema)
{
    std::set<std::string> candidates;
    for (const auto method : schema.MatchMethods("*")) {
        for (const auto& field : schema.GetStruct(schema.GetMethod(method).params).fields) {
            if (field.type.kind == schema::Kind::INTERFACE) candidates.insert(field.name);
            if (field.type.kind != schema::Kind::STRUCT) continue;
            for (const auto& inner : schema.GetStruct(field.type.index).fields) {
                if (inner.type.kind == schema::Kind::INTERFACE) candidates.insert(field.name + "." + inner.name);
            }
        }
    }
    return {candidates.begin(), candidates.end()};
}

bool IsReleased(const program::Program& program, const program::CapabilityRef& place, StepIndex before)
{
    const auto begin{program.steps.begin()};
    return std::any_of(begin, begin + before, [&](const program::Step& step) {
        const auto* drop{std::get_if<program::Drop>(&step)};
        return drop && drop->capability == place;
    });
}

} // namespace

base::Result<std::vector<Queue>> ParseQueues(const schema::Schema& schema, std::string_view path)
{
    const auto names{SplitPath(path)};
    std::vector<Queue> queues;
    for (const auto method : schema.MatchMethods("*")) {
        const uint32_t params{schema.GetMethod(method).params};
        auto found{FindPath(schema, params, names)};
        if (!found) continue;
        const auto type{program::TypeAt(schema, params, *found)};
        if (type && type->kind == schema::Kind::INTERFACE) queues.push_back({method, std::move(*found)});
    }
    if (!queues.empty()) return queues;
    return base::Error{"no method has a capability at `" + std::string{path} + "` in its parameters" +
                       base::DidYouMean(path, Candidates(schema))};
}

std::optional<program::CapabilityRef> PlaceInQueue(const Queue& queue, const Call& call)
{
    if (queue.method != call.method) return std::nullopt;
    const program::StructValue* fields{&call.arguments};
    for (const program::PathElement& element : queue.path) {
        const program::Value* value{fields->Find(element.index)};
        if (!value) return std::nullopt;
        if (&element == &queue.path.back()) {
            const auto* ref{value->As<program::CapabilityRef>()};
            return ref ? std::optional{*ref} : std::nullopt;
        }
        fields = value->As<program::StructValue>();
        if (!fields) return std::nullopt;
    }
    return std::nullopt;
}

bool Existed(const Case& run, const program::CapabilityRef& place)
{
    if (std::holds_alternative<program::Serve>(run.program.steps[place.step])) return true;
    const trace::Outcome& maker{run.trace.outcomes[place.step]};
    return maker.status == trace::Status::ANSWERED && maker.answer && HasCapability(*maker.answer, place.path);
}

bool Precedes(const Case& run, StepIndex earlier, StepIndex later)
{
    if (earlier >= later) return false;
    const trace::Outcome& first{run.trace.outcomes[earlier]};
    if (first.status == trace::Status::ANSWERED && first.ended_ns <= run.trace.outcomes[later].sent_ns) return true;
    const auto& call{std::get<Call>(run.program.steps[earlier])};
    const auto& other{std::get<Call>(run.program.steps[later])};
    if (call.target != other.target) return false;
    for (const Queue& queue : run.limits.queues) {
        const auto place{PlaceInQueue(queue, call)};
        if (!place || !Existed(run, *place) || IsReleased(run.program, *place, later)) continue;
        for (const Queue& other_queue : run.limits.queues) {
            if (PlaceInQueue(other_queue, other) == place) return true;
        }
    }
    return false;
}

} // namespace mpfuzz::observe
