#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::StepIndex;

namespace {

// Awaits for all calls so far, not for one. Guess, unmeasured.
constexpr uint64_t ALL_ONE_IN{6};

} // namespace

bool AwaitCall(program::Program& program, Context& context)
{
    if (context.Room(program) == 0) return false;
    const auto end{static_cast<StepIndex>(program.steps.size())};
    const generate::Inventory stock{context.Before(program, end)};
    // Waiting for what may rightly never come would cost a deadline each time.
    std::vector<StepIndex> calls;
    bool may_hang{false};
    for (StepIndex step{0}; step < end; ++step) {
        if (!std::holds_alternative<program::Call>(program.steps[step])) continue;
        may_hang |= stock.MayHang(step);
        if (!stock.MayHang(step) && !stock.Canceled(step)) calls.push_back(step);
    }
    if (calls.empty()) return false;
    const StepIndex call{context.rng.Pick(calls)};
    const auto position{call + 1 + static_cast<StepIndex>(context.rng.SkewedLength(end - call - 1))};
    const bool all{!may_hang && context.rng.OneIn(ALL_ONE_IN)};
    InsertSteps(program, position, {all ? program::Await{} : program::Await{call}});
    return true;
}

} // namespace mpfuzz::mutate
