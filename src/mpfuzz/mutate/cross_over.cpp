#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/splice.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::Program;
using program::StepIndex;

bool CrossOver(Program& program, Context& context)
{
    if (!context.other || program.steps.empty()) return false;
    const auto call{PickStepOf<program::Call>(*context.other, context.rng)};
    if (!call) return false;
    Program joined;
    const auto cut{static_cast<StepIndex>(1 + context.rng.Below(program.steps.size()))};
    joined.steps.assign(program.steps.begin(), program.steps.begin() + cut);
    std::vector<bool> wanted(context.other->steps.size());
    const size_t end{std::min(wanted.size(), *call + context.Room(joined))};
    for (size_t step{*call}; step < end; ++step) wanted[step] = true;
    if (SpliceInto(context, joined, cut, *context.other, std::move(wanted), Missing::REMOVE) == 0) return false;
    program = std::move(joined);
    return true;
}

} // namespace mpfuzz::mutate
