// The oracles that judge whether and when calls are answered: no-reply and order.
#include <mpfuzz/observe/excuses.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <map>
#include <optional>

namespace mpfuzz::observe {
namespace {

using program::CapabilityRef;
using program::StepIndex;
using trace::Status;

void AddOnce(std::vector<std::string>& titles, std::string title)
{
    if (std::ranges::find(titles, title) == titles.end()) titles.push_back(std::move(title));
}

//! The first call that keeps this one waiting: this call itself, or the call whose answer it refers to, and so on.
//! Returns nullopt if it depends on a cancelled call or on another connection: then we cannot tell.
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

//! Calls on one capability that name the same capability at a queue's path: they keep their order.
struct Line {
    CapabilityRef target;
    CapabilityRef place;
    StepIndex latest{0}; //!< the call in this line that was answered last so far
};

} // namespace

std::vector<std::string> JudgeNoReply(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.responsive || ending.asked_to_shut_down || AwaitsOurAnswer(run)) return {};

    // If one call hangs, those behind it on its connection hang too: report only the first of a connection.
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
        if (MayWait(run, connection)) continue;
        const auto* call{std::get_if<program::Call>(&run.program.steps[root])};
        AddOnce(titles, "no reply from " + (call ? run.schema.MethodName(call->method) : "bootstrap"));
    }
    return titles;
}

// Exceptions are not judged: many are thrown before the call reaches a queue.
std::vector<std::string> JudgeOrder(const Case& run)
{
    std::vector<std::string> titles;
    std::vector<Line> lines;
    std::vector<CapabilityRef> released; // a call that names one of these names null: it is in another queue
    for (StepIndex step{0}; step < run.program.steps.size(); ++step) {
        if (const auto* drop{std::get_if<program::Drop>(&run.program.steps[step])})
            released.push_back(drop->capability);
        const auto* call{std::get_if<program::Call>(&run.program.steps[step])};
        if (!call || run.limits.MayBlock(call->method)) continue;
        for (const Queue& queue : run.limits.queues) {
            const auto place{PlaceInQueue(queue, *call)};
            if (!place || !IsAnsweredFairly(run.program, run.trace, step)) continue;
            if (std::ranges::count(released, *place) > 0 || !IsThere(run, *place)) continue;
            const auto line{std::ranges::find_if(
                lines, [&](const Line& known) { return known.target == call->target && known.place == *place; })};
            if (line == lines.end()) {
                lines.push_back({call->target, *place, step});
                continue;
            }
            const int64_t before_ns{run.trace.outcomes[line->latest].ended_ns};
            if (run.trace.outcomes[step].ended_ns >= before_ns) {
                line->latest = step;
                continue;
            }
            const auto& overtaken{std::get<program::Call>(run.program.steps[line->latest])};
            AddOnce(titles, run.schema.MethodName(call->method) + " was answered before " +
                                run.schema.MethodName(overtaken.method) + ", which was sent first");
        }
    }
    return titles;
}

} // namespace mpfuzz::observe
