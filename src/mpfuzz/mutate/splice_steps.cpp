#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/mutate/splice.h>

namespace mpfuzz::mutate {

using program::StepIndex;

namespace {

// Longest piece that is taken, what it needs not counted. Guess, unmeasured.
constexpr uint64_t MAX_PIECE{8};

} // namespace

bool SpliceSteps(program::Program& program, Context& context)
{
    const program::Program& source{context.other ? *context.other : program};
    const auto call{PickStepOf<program::Call>(source, context.rng)};
    if (!call) return false;
    std::vector<bool> wanted(source.steps.size());
    const StepIndex end{*call + 1 + static_cast<StepIndex>(context.rng.SkewedLength(MAX_PIECE - 1))};
    for (StepIndex step{*call}; step < end && step < source.steps.size(); ++step) {
        // Whatever else the piece is for, it is not to end things here.
        wanted[step] = !std::holds_alternative<program::Disconnect>(source.steps[step]);
    }
    const auto position{static_cast<StepIndex>(context.rng.Below(program.steps.size() + 1))};
    return SpliceInto(context, program, position, source, std::move(wanted), Missing::BRING) > 0;
}

} // namespace mpfuzz::mutate
