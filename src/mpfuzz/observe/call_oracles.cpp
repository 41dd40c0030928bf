// The oracles that judge whether and in which order calls are answered: no-reply and order.
#include <mpfuzz/observe/excuses.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <map>
#include <optional>

namespace mpfuzz::observe {
namespace {

using program::CapabilityRef;
using program::StepIndex;
using trace::Status;

void AddOnce(std::vector<Problem>& problems, Problem problem)
{
    if (std::ranges::find(problems, problem.title, &Problem::title) == problems.end())
        problems.push_back(std::move(problem));
}

//! The call that makes an unanswered call wait: if it refers to an unanswered call, that call or the one on which that
//! call waits in turn, otherwise the call itself. Returns nullopt if it depends on a cancelled call or on another
//! connection, because the cause is then unknown.
std::optional<StepIndex> RootOf(const Case& run, StepIndex index)
{
    const auto connection{program::ConnectionOf(run.program, index)};
    for (;;) {
        std::optional<StepIndex> root;
        bool depends_on_cancelled{false};
        program::ForEachReference(run.program.steps[index], [&](const StepIndex& earlier) {
            const Status status{run.trace.outcomes[earlier].status};
            if (status == Status::UNANSWERED && (!root || earlier < *root)) root = earlier;
            depends_on_cancelled |= status == Status::CANCELLED;
        });
        if (depends_on_cancelled || program::ConnectionOf(run.program, index) != connection) return std::nullopt;
        if (!root) return index;
        index = *root;
    }
}

//! A call, when it was sent, and when it was answered or how long it has waited.
std::string TimesOf(const Case& run, StepIndex step)
{
    const trace::Outcome& outcome{run.trace.outcomes[step]};
    std::string text{program::StepLabel(run.schema, run.program, step) + ": sent at " +
                     trace::Milliseconds(outcome.sent_ns) + " ms, "};
    if (outcome.status == Status::ANSWERED)
        return text + "answered at " + trace::Milliseconds(outcome.ended_ns) + " ms";
    return text + "no answer for " + trace::Milliseconds(run.trace.duration_ns - outcome.sent_ns) + " ms";
}

//! Calls on one capability that are in the same queue, so that they keep their order.
struct OrderedCalls {
    CapabilityRef target;
    CapabilityRef place; //!< the capability that the calls name at the queue's path
    StepIndex latest{0}; //!< the call that was answered last, among the calls seen so far
};

} // namespace

std::vector<Problem> JudgeNoReply(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.responsive || ending.asked_to_shut_down || AwaitsOurAnswer(run)) return {};

    // If one call hangs, later calls on the same connection hang too. So report only the first call of each connection.
    std::map<std::optional<StepIndex>, StepIndex> roots;
    for (StepIndex index{0}; index < run.program.steps.size(); ++index) {
        const trace::Outcome& outcome{run.trace.outcomes[index]};
        if (outcome.status != Status::UNANSWERED || !outcome.awaited) continue;
        const auto root{RootOf(run, index)};
        if (!root) continue;
        const auto [first, is_new]{roots.emplace(program::ConnectionOf(run.program, *root), *root)};
        if (!is_new) first->second = std::min(first->second, *root);
    }

    std::vector<Problem> problems;
    for (const auto& [connection, root] : roots) {
        if (MayWait(run, connection)) continue;
        const auto* call{std::get_if<program::Call>(&run.program.steps[root])};
        AddOnce(problems,
                {"no reply from " + (call ? run.schema.MethodName(call->method) : "bootstrap"), TimesOf(run, root)});
    }
    return problems;
}

// Calls that ended with an exception are not judged: many exceptions are thrown before the call reaches a queue.
std::vector<Problem> JudgeOrder(const Case& run)
{
    std::vector<Problem> problems;
    std::vector<OrderedCalls> groups;
    std::vector<CapabilityRef> released; // a call that names one of these passes null, so it is in another queue
    for (StepIndex step{0}; step < run.program.steps.size(); ++step) {
        if (const auto* drop{std::get_if<program::Drop>(&run.program.steps[step])})
            released.push_back(drop->capability);
        const auto* call{std::get_if<program::Call>(&run.program.steps[step])};
        if (!call || run.limits.MayBlock(call->method)) continue;
        for (const Queue& queue : run.limits.queues) {
            const auto place{PlaceInQueue(queue, *call)};
            if (!place || !AnswerMustBeCorrect(run.program, run.trace, step)) continue;
            if (std::ranges::count(released, *place) > 0 || !Existed(run, *place)) continue;
            const auto group{std::ranges::find_if(groups, [&](const OrderedCalls& known) {
                return known.target == call->target && known.place == *place;
            })};
            if (group == groups.end()) {
                groups.push_back({call->target, *place, step});
                continue;
            }
            const int64_t before_ns{run.trace.outcomes[group->latest].ended_ns};
            if (run.trace.outcomes[step].ended_ns >= before_ns) {
                group->latest = step;
                continue;
            }
            const auto& overtaken{std::get<program::Call>(run.program.steps[group->latest])};
            AddOnce(problems, {run.schema.MethodName(call->method) + " was answered before " +
                                   run.schema.MethodName(overtaken.method) + ", which was sent first",
                               TimesOf(run, group->latest) + "\n" + TimesOf(run, step) + "\nboth name " +
                                   program::PrintValue(run.schema, run.program, {schema::Kind::CAPABILITY}, *place)});
        }
    }
    return problems;
}

} // namespace mpfuzz::observe
