#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/edit.h>

namespace mpfuzz::mutate {

namespace {

// Programs that stop waiting at all. Guess, unmeasured.
constexpr uint64_t ALL_ONE_IN{5};

} // namespace

bool PipelineCall(program::Program& program, Context& context)
{
    const bool all{context.rng.OneIn(ALL_ONE_IN)};
    bool changed{false};
    while (const auto await{PickStepOf<program::Await>(program, context.rng)}) {
        program::RemoveStep(program, *await);
        changed = true;
        if (!all) break;
    }
    return changed;
}

} // namespace mpfuzz::mutate
