#include <mpfuzz/mutate/mutators.h>

namespace mpfuzz::mutate {

bool InsertCall(program::Program& program, Context& context)
{
    if (context.Room(program) == 0) return false;
    // At the end as often as anywhere else: there all that the program has made is at hand.
    const size_t end{program.steps.size()};
    const size_t position{context.rng.OneIn(2) ? end : context.rng.Below(end + 1)};
    return context.generator.InsertGoal(program, static_cast<program::StepIndex>(position), context.rng) > 0;
}

} // namespace mpfuzz::mutate
