#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::StepIndex;

namespace {

// Guesses, unmeasured.
constexpr size_t MAX_BLOCK{8};
constexpr size_t MAX_COPIES{15};

} // namespace

bool RepeatBlock(program::Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    const auto begin{static_cast<StepIndex>(context.rng.Below(program.steps.size()))};
    const size_t longest{std::min({MAX_BLOCK, program.steps.size() - begin, context.Room(program)})};
    if (longest == 0) return false;
    const auto length{static_cast<StepIndex>(1 + context.rng.SkewedLength(longest - 1))};
    const size_t most{std::min(MAX_COPIES, context.Room(program) / length)};
    const auto copies{static_cast<StepIndex>(1 + context.rng.SkewedLength(most - 1))};

    const StepIndex end{begin + length};
    std::vector<program::Step> added;
    for (StepIndex copy{1}; copy <= copies; ++copy) {
        const auto into_copy{[&](uint32_t index) { return index >= begin ? index + copy * length : index; }};
        for (StepIndex step{begin}; step < end; ++step) {
            added.push_back(program.steps[step]);
            Renumber(added.back(), into_copy);
        }
    }
    InsertSteps(program, end, std::move(added));
    return true;
}

} // namespace mpfuzz::mutate
