#pragma once

#include <mpfuzz/base/rng.h>
#include <mpfuzz/program/walk.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <vector>

//! Steps as things to move about.
namespace mpfuzz::mutate {

//! A step that `wanted` holds for, each equally likely; nothing where there is none.
template<typename Wanted>
std::optional<program::StepIndex> PickStep(const program::Program& program, base::Rng& rng, const Wanted& wanted)
{
    std::optional<program::StepIndex> chosen;
    uint64_t seen{0};
    for (program::StepIndex step{0}; step < program.steps.size(); ++step) {
        if (wanted(program.steps[step]) && rng.OneIn(++seen)) chosen = step;
    }
    return chosen;
}

//! A step of one sort.
template<typename Sort>
std::optional<program::StepIndex> PickStepOf(const program::Program& program, base::Rng& rng)
{
    return PickStep(program, rng, [](const program::Step& step) { return std::holds_alternative<Sort>(step); });
}

//! A call of a method that takes something.
inline std::optional<program::StepIndex> PickCallWithParameters(const schema::Schema& schema,
                                                                const program::Program& program, base::Rng& rng)
{
    return PickStep(program, rng, [&schema](const program::Step& step) {
        const auto* call{std::get_if<program::Call>(&step)};
        return call && !schema.GetStruct(schema.GetMethod(call->method).params).fields.empty();
    });
}

//! Replace every step number in a step, references and moments, by `map` of it.
template<typename Map>
void Renumber(program::Step& step, const Map& map)
{
    if (program::StepIndex * essential{program::EssentialReference(step)}) *essential = map(*essential);
    program::WalkStep(step, [&map](auto& found) {
        if constexpr (std::is_same_v<decltype(found), program::ServedObject&>) {
            for (program::Reaction& reaction : found.reactions) {
                if (reaction.kind != program::Reaction::Kind::LATER) continue;
                reaction.step = std::min<uint32_t>(map(reaction.step), program::MAX_STEPS);
            }
        } else {
            found.step = map(found.step);
        }
    });
}

//! Insert steps in front of `position`, moving later references and moments up. The steps' own numbers are
//! of the program after the insertion. Cost: one pass over all arguments.
void InsertSteps(program::Program& program, program::StepIndex position, std::vector<program::Step> steps);

} // namespace mpfuzz::mutate
