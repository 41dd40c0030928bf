#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/words.h>

namespace mpfuzz::mutate {

using program::Delay;
using program::Disconnect;
using program::StepIndex;

namespace {

// Longer pauses cost more than they find. Guess, unmeasured.
constexpr uint32_t LONGEST_DELAY_MS{50};

uint32_t MakeDelay(base::Rng& rng) { return static_cast<uint32_t>(1 + rng.SkewedLength(LONGEST_DELAY_MS - 1)); }

Disconnect::How AnotherWay(base::Rng& rng, Disconnect::How how)
{
    constexpr uint64_t WAYS{program::DISCONNECT_WORDS.size()};
    return static_cast<Disconnect::How>((static_cast<uint64_t>(how) + 1 + rng.Below(WAYS - 1)) % WAYS);
}

} // namespace

bool ChangeTiming(program::Program& program, Context& context)
{
    const auto step{PickStep(program, context.rng, [](const program::Step& candidate) {
        return std::holds_alternative<Delay>(candidate) || std::holds_alternative<Disconnect>(candidate);
    })};
    const bool insert{!step || context.rng.OneIn(3)};
    if (insert) {
        if (context.Room(program) == 0 || program.steps.empty()) return false;
        const auto position{static_cast<StepIndex>(1 + context.rng.Below(program.steps.size()))};
        InsertSteps(program, position, {Delay{MakeDelay(context.rng)}});
    } else if (auto* delay{std::get_if<Delay>(&program.steps[*step])}) {
        delay->ms = MakeDelay(context.rng);
    } else {
        auto& disconnect{std::get<Disconnect>(program.steps[*step])};
        disconnect.how = AnotherWay(context.rng, disconnect.how);
    }
    return true;
}

} // namespace mpfuzz::mutate
