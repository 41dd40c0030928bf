#include <mpfuzz/mutate/mutators.h>

namespace mpfuzz::mutate {

bool InsertCall(program::Program& program, Context& context)
{
    if (context.Room(program) == 0) return false;
    // Mostly near the end: there all that the program has made is at hand, and what leads there has been kept for a
    // reason.
    const size_t end{program.steps.size()};
    const size_t position{end - context.rng.SkewedLength(end)};
    return context.generator.InsertGoal(program, static_cast<program::StepIndex>(position), context.rng) > 0;
}

} // namespace mpfuzz::mutate
