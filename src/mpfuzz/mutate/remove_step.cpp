#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/edit.h>

#include <vector>

namespace mpfuzz::mutate {

using program::Program;
using program::StepIndex;

namespace {

// Without a bias programs would fill up with what lost its use when something else was removed: connections,
// bootstraps and objects of ours. Guess, unmeasured.
constexpr uint64_t IDLE_ONE_IN{2};

//! A step that makes something which no step refers to, and does little else.
std::optional<StepIndex> PickIdle(Program& program, base::Rng& rng)
{
    std::vector<bool> used(program.steps.size());
    for (program::Step& step : program.steps) {
        program::ForEachReference(step, [&](StepIndex& reference) { used[reference] = true; });
    }
    StepIndex next{0};
    return PickStep(program, rng, [&](const program::Step& step) {
        return !used[next++] &&
               (std::holds_alternative<program::Connect>(step) || std::holds_alternative<program::Bootstrap>(step) ||
                std::holds_alternative<program::Serve>(step));
    });
}

} // namespace

bool RemoveAStep(Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    std::optional<StepIndex> step;
    if (context.rng.OneIn(IDLE_ONE_IN)) step = PickIdle(program, context.rng);
    if (!step) step = static_cast<StepIndex>(context.rng.Below(program.steps.size()));
    program::RemoveStep(program, *step);
    return true;
}

} // namespace mpfuzz::mutate
