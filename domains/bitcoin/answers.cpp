#include <domains/bitcoin/answers.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::domains::bitcoin {

domain::Postcondition MakePostcondition(std::string name, std::function<std::optional<domain::Fault>(const Run&)> judge)
{
    return {std::move(name), [judge = std::move(judge)](const schema::Schema& schema, const program::Program& program,
                                                        const trace::Trace& trace) {
                return judge({schema, program, trace});
            }};
}

std::vector<Answered> AnswersOf(const Run& run, std::string_view interface, std::string_view method)
{
    std::vector<Answered> answers;
    for (program::StepIndex i{0}; i < run.program.steps.size(); ++i) {
        const auto* call{std::get_if<program::Call>(&run.program.steps[i])};
        const trace::Outcome& outcome{run.trace.outcomes[i]};
        if (!call || outcome.status != trace::Status::ANSWERED || !outcome.answer) continue;
        if (run.schema.GetMethod(call->method).name != method) continue;
        if (run.schema.GetInterface(call->method.interface).name != interface) continue;
        answers.push_back({i, *call, outcome});
    }
    return answers;
}

const program::Value* Find(const schema::Schema& schema, uint32_t struct_index, const program::StructValue& fields,
                           const std::vector<std::string_view>& names)
{
    const program::StructValue* at{&fields};
    const program::Value* value{nullptr};
    for (const std::string_view name : names) {
        if (value) at = value->As<program::StructValue>();
        const auto field{schema.GetStruct(struct_index).FindField(name)};
        if (!at || !field) return nullptr;
        value = at->Find(*field);
        if (!value) return nullptr;
        const schema::Type type{schema.GetStruct(struct_index).fields[*field].type};
        if (type.kind == schema::Kind::STRUCT) struct_index = type.index;
    }
    return value;
}

const program::Value* FindResult(const Run& run, const Answered& answered, const std::vector<std::string_view>& names)
{
    return Find(run.schema, run.schema.GetMethod(answered.call.method).results, *answered.outcome.answer, names);
}

const program::Value* FindArgument(const Run& run, const program::Call& call,
                                   const std::vector<std::string_view>& names)
{
    return Find(run.schema, run.schema.GetMethod(call.method).params, call.arguments, names);
}

std::string_view ResultBytes(const Run& run, const Answered& answered, const std::vector<std::string_view>& names)
{
    const program::Value* value{FindResult(run, answered, names)};
    const auto* blob{value ? value->As<program::Blob>() : nullptr};
    return blob ? std::string_view{blob->bytes} : std::string_view{};
}

std::vector<program::Value> ResultList(const Run& run, const Answered& answered, std::string_view name)
{
    const program::Value* value{FindResult(run, answered, {name})};
    const auto* list{value ? value->As<program::ListValue>() : nullptr};
    return list ? list->elements : std::vector<program::Value>{};
}

bool CallsAny(const Run& run, std::string_view prefix, const program::CapabilityRef* target)
{
    return std::ranges::any_of(run.program.steps, [&](const program::Step& step) {
        const auto* call{std::get_if<program::Call>(&step)};
        return call && run.schema.GetMethod(call->method).name.starts_with(prefix) &&
               (!target || call->target == *target);
    });
}

} // namespace mpfuzz::domains::bitcoin
