#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>

#include <algorithm>
#include <array>

namespace mpfuzz::mutate {

namespace {

// Variants beside the call itself: calls are pipelined, so that two dozen cost little more than one. Guess, unmeasured.
constexpr uint64_t MAX_VARIANTS{24};
constexpr int TRIES{4};

//! Change a value of one step, where there is one to change.
void Vary(program::Program& program, Context& context)
{
    static constexpr std::array CHANGES{ChangeNumber, ChangeNumber, ChangeBytes, ChangeBytes, ChangeList, ChangeFields};
    for (int i{0}; i < TRIES; ++i) {
        if (context.rng.Pick(CHANGES)(program, context)) return;
    }
}

} // namespace

bool VaryCall(program::Program& program, Context& context)
{
    const auto picked{PickCallWithParameters(context.schema, program, context.rng)};
    if (!picked) return false;
    const size_t variants{std::min<size_t>(1 + context.rng.Below(MAX_VARIANTS), context.Room(program))};
    for (size_t i{0}; i < variants; ++i) {
        InsertSteps(program, *picked + 1, {program.steps[*picked]});
        Context one{context};
        one.only_step = *picked + 1;
        Vary(program, one);
    }
    return variants > 0;
}

} // namespace mpfuzz::mutate
