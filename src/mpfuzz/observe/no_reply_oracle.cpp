#include <mpfuzz/observe/conduct.h>
#include <mpfuzz/observe/verdicts.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>
#include <map>
#include <optional>

namespace mpfuzz::observe {
namespace {

using program::StepIndex;
using trace::Status;

bool HoldsBack(const std::vector<program::FieldValue>& fields, schema::MethodRef method);

//! True where a value contains an object of ours that does not answer that method by itself.
bool HoldsBack(const program::Value& value, schema::MethodRef method)
{
    const auto any{[&](const std::vector<program::Value>& values) {
        return std::any_of(values.begin(), values.end(),
                           [&](const program::Value& inner) { return HoldsBack(inner, method); });
    }};
    if (const auto* list{value.As<program::ListValue>()}) return any(list->elements);
    if (const auto* repeat{value.As<program::RepeatValue>()}) return any(repeat->element);
    if (const auto* anything{value.As<program::AnyValue>()}) return any(anything->value);
    if (const auto* fields{value.As<program::StructValue>()}) return HoldsBack(fields->fields, method);
    const auto* object{value.As<program::ServedObject>()};
    return object &&
           std::any_of(object->reactions.begin(), object->reactions.end(), [&](const program::Reaction& reaction) {
               return (!reaction.IsPrompt() && reaction.method == method) || HoldsBack(reaction.results, method);
           });
}

bool HoldsBack(const std::vector<program::FieldValue>& fields, schema::MethodRef method)
{
    return std::any_of(fields.begin(), fields.end(),
                       [&](const program::FieldValue& field) { return HoldsBack(field.value, method); });
}

//! True where we ourselves may owe the target an answer: it may rightly wait for that with its own.
bool WeKeepItWaiting(const Case& run)
{
    return std::any_of(run.trace.served.begin(), run.trace.served.end(), [&](const trace::ServedCall& served) {
        return std::any_of(run.program.steps.begin(), run.program.steps.end(), [&](const program::Step& step) {
            if (const auto* serve{std::get_if<program::Serve>(&step)}) return HoldsBack(serve->object, served.method);
            if (const auto* call{std::get_if<program::Call>(&step)})
                return HoldsBack(call->arguments.fields, served.method);
            return false;
        });
    });
}

//! True where calls on a connection may rightly wait. A worker thread of libmultiprocess takes one call
//! after the other: whatever names the thread of a call that may block queues behind that, and no schema says which
//! calls name the same thread. Canceling does not free the thread. After bytes of our own making, such as
//! half a message, all that follows may be taken for something else; and nobody has to answer who hears no more.
bool MayRightlyWait(const Case& run, std::optional<StepIndex> connection)
{
    if (SpeaksByHand(run.program, connection)) return true;
    for (StepIndex index{0}; index < run.program.steps.size(); ++index) {
        const program::Step& step{run.program.steps[index]};
        const auto* close{std::get_if<program::Disconnect>(&step)};
        const bool half{close && close->how == program::Disconnect::How::HALF};
        if (half && close->connection == connection) return true;
        const auto* call{std::get_if<program::Call>(&step)};
        if (!call || !run.limits.MayBlock(call->method)) continue;
        const Status status{run.trace.outcomes[index].status};
        const bool outstanding{status == Status::UNANSWERED || status == Status::CANCELED};
        if (outstanding && program::ConnectionOf(run.program, index) == connection) return true;
    }
    return false;
}

//! The first call that keeps this one waiting: itself, or the one whose answer it, or that, refers to. Nothing
//! where the chain leads to where we cannot tell: a canceled call, or another connection.
std::optional<StepIndex> RootOf(const Case& run, StepIndex index)
{
    const auto connection{program::ConnectionOf(run.program, index)};
    for (;;) {
        program::Step step{run.program.steps[index]};
        std::optional<StepIndex> root;
        bool untold{false};
        program::ForEachReference(step, [&](StepIndex& earlier) {
            const Status status{run.trace.outcomes[earlier].status};
            if (status == Status::UNANSWERED && (!root || earlier < *root)) root = earlier;
            untold |= status == Status::CANCELED;
        });
        if (untold || program::ConnectionOf(run.program, index) != connection) return std::nullopt;
        if (!root) return index;
        index = *root;
    }
}

std::string TitleOf(const Case& run, StepIndex root)
{
    const auto* call{std::get_if<program::Call>(&run.program.steps[root])};
    return "no reply from " + (call ? run.schema.MethodName(call->method) : "bootstrap");
}

} // namespace

std::vector<std::string> JudgeNoReply(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.responsive || ending.asked_to_shut_down || WeKeepItWaiting(run)) return {};

    // Where one call hangs, those behind it on its connection hang with it: the first is to blame.
    std::map<std::optional<StepIndex>, StepIndex> roots;
    for (StepIndex index{0}; index < run.program.steps.size(); ++index) {
        const trace::Outcome& outcome{run.trace.outcomes[index]};
        if (outcome.status != Status::UNANSWERED || !outcome.awaited) continue;
        const auto root{RootOf(run, index)};
        if (!root) continue;
        const auto [first, is_new]{roots.emplace(program::ConnectionOf(run.program, *root), *root)};
        if (!is_new) first->second = std::min(first->second, *root);
    }

    std::vector<std::string> titles;
    for (const auto& [connection, root] : roots) {
        if (MayRightlyWait(run, connection)) continue;
        std::string title{TitleOf(run, root)};
        if (std::find(titles.begin(), titles.end(), title) == titles.end()) titles.push_back(std::move(title));
    }
    return titles;
}

} // namespace mpfuzz::observe
