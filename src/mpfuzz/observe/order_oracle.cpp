#include <mpfuzz/observe/conduct.h>
#include <mpfuzz/observe/order.h>
#include <mpfuzz/observe/verdicts.h>

#include <algorithm>

namespace mpfuzz::observe {
namespace {

using program::CapabilityRef;
using program::StepIndex;

//! Calls that keep their order: on one capability, and naming one.
struct Line {
    CapabilityRef target;
    CapabilityRef place;
    StepIndex latest{0}; //!< of its calls so far, the one that was answered last
};

} // namespace

// Exceptions count for nothing here: many are thrown before the call stands in any queue.
std::vector<std::string> JudgeOrder(const Case& run)
{
    std::vector<std::string> titles;
    std::vector<Line> lines;
    std::vector<CapabilityRef> released; // named again, they are null, and the call stands in another queue
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
            std::string title{run.schema.MethodName(call->method) + " was answered before " +
                              run.schema.MethodName(overtaken.method) + ", which was sent first"};
            if (std::ranges::find(titles, title) == titles.end()) titles.push_back(std::move(title));
        }
    }
    return titles;
}

} // namespace mpfuzz::observe
