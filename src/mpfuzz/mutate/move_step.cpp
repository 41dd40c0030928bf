#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::Program;
using program::Step;
using program::StepIndex;

namespace {

//! First and last index that a step may have: behind all that it needs, before all that need it.
std::pair<StepIndex, StepIndex> Range(Program& program, StepIndex step)
{
    StepIndex first{0};
    program::ForEachReference(program.steps[step], [&](StepIndex& used) { first = std::max(first, used + 1); });
    auto last{static_cast<StepIndex>(program.steps.size() - 1)};
    for (StepIndex user{step + 1}; user <= last; ++user) {
        bool needs{false};
        program::ForEachReference(program.steps[user], [&](StepIndex& used) { needs |= used == step; });
        if (needs) last = user - 1;
    }
    return {first, last};
}

void Move(Program& program, StepIndex from, StepIndex to)
{
    const auto map{[=](uint32_t index) -> uint32_t {
        if (index == from) return to;
        if (from < index && index <= to) return index - 1;
        return to <= index && index < from ? index + 1 : index;
    }};
    for (Step& step : program.steps) Renumber(step, map);
    const auto begin{program.steps.begin()};
    if (from < to) {
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    } else {
        std::rotate(begin + to, begin + from, begin + from + 1);
    }
}

} // namespace

bool MoveStep(Program& program, Context& context)
{
    if (program.steps.empty()) return false;
    const auto step{static_cast<StepIndex>(context.rng.Below(program.steps.size()))};
    const auto [first, last]{Range(program, step)};
    if (first == last) return false;
    // One of the others.
    const auto chosen{first + static_cast<StepIndex>(context.rng.Below(last - first))};
    Move(program, step, chosen < step ? chosen : chosen + 1);
    return true;
}

} // namespace mpfuzz::mutate
