#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>

namespace mpfuzz::mutate {

using program::Step;
using program::StepIndex;

namespace {

//! A second one does something even where nothing refers to it.
bool IsWorthRepeating(const Step& step)
{
    return !std::holds_alternative<program::Connect>(step) && !std::holds_alternative<program::Serve>(step);
}

} // namespace

bool DuplicateStep(program::Program& program, Context& context)
{
    const auto step{PickStep(program, context.rng, IsWorthRepeating)};
    if (!step || context.Room(program) == 0) return false;
    const size_t behind{program.steps.size() - *step - 1};
    const auto position{*step + 1 + static_cast<StepIndex>(context.rng.SkewedLength(behind))};
    InsertSteps(program, position, {program.steps[*step]});
    return true;
}

} // namespace mpfuzz::mutate
