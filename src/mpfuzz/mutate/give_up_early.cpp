#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>

#include <array>

namespace mpfuzz::mutate {

using program::Step;
using program::StepIndex;

namespace {

std::optional<Step> PickDrop(const generate::Inventory& stock, base::Rng& rng)
{
    std::vector<program::CapabilityRef> live;
    for (const generate::Item& item : stock.Items()) {
        if (item.live) live.push_back(item.ref);
    }
    if (live.empty()) return std::nullopt;
    return program::Drop{rng.Pick(live)};
}

std::optional<Step> PickCancel(const program::Program& program, StepIndex end, const generate::Inventory& stock,
                               base::Rng& rng)
{
    std::vector<StepIndex> calls;
    for (StepIndex step{0}; step < end; ++step) {
        const bool is_call{std::holds_alternative<program::Call>(program.steps[step])};
        if (is_call && !stock.Canceled(step)) calls.push_back(step);
    }
    if (calls.empty()) return std::nullopt;
    return program::Cancel{rng.Pick(calls)};
}

std::optional<Step> PickDisconnect(const generate::Inventory& stock, base::Rng& rng)
{
    if (stock.Open().empty()) return std::nullopt;
    const auto how{rng.OneIn(2) ? program::Disconnect::How::CLEAN : program::Disconnect::How::ABRUPT};
    return program::Disconnect{rng.Pick(stock.Open()), how};
}

} // namespace

bool GiveUpEarly(program::Program& program, Context& context)
{
    if (program.steps.empty() || context.Room(program) == 0) return false;
    // Guesses, unmeasured: drop, cancel, disconnect.
    static constexpr std::array<uint32_t, 3> WEIGHTS{50, 30, 20};
    base::Rng& rng{context.rng};
    const auto position{static_cast<StepIndex>(1 + rng.Below(program.steps.size()))};
    const generate::Inventory stock{context.Before(program, position)};
    std::optional<Step> step;
    switch (rng.Weighted(WEIGHTS)) {
    case 0: step = PickDrop(stock, rng); break;
    case 1: step = PickCancel(program, position, stock, rng); break;
    default: step = PickDisconnect(stock, rng);
    }
    if (!step) return false;
    InsertSteps(program, position, {std::move(*step)});
    return true;
}

} // namespace mpfuzz::mutate
