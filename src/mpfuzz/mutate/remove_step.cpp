#include <mpfuzz/mutate/mutators.h>

#include <mpfuzz/program/edit.h>

namespace mpfuzz::mutate {

bool RemoveAStep(program::Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    program::RemoveStep(program, static_cast<program::StepIndex>(context.rng.Below(program.steps.size())));
    return true;
}

} // namespace mpfuzz::mutate
