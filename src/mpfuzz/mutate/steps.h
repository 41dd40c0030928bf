#pragma once

#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/program.h>

#include <functional>
#include <optional>
#include <variant>
#include <vector>

//! Functions that pick, renumber and insert steps. Each Pick function picks one of all candidates with equal
//! probability, and returns nullopt if there is no candidate.
namespace mpfuzz::mutate {

//! Picks a step that `wanted` accepts.
std::optional<program::StepIndex> PickStep(const program::Program& program, base::Rng& rng,
                                           const std::function<bool(const program::Step&)>& wanted);

//! Picks a step of the type T, such as program::Call.
template<typename T>
std::optional<program::StepIndex> PickStepOf(const program::Program& program, base::Rng& rng)
{
    return PickStep(program, rng, [](const program::Step& step) { return std::holds_alternative<T>(step); });
}

//! Picks a call of a method that has parameters.
std::optional<program::StepIndex> PickCallWithParameters(const schema::Schema& schema, const program::Program& program,
                                                         base::Rng& rng);

//! Picks a capability in the inventory that `wanted` accepts.
std::optional<program::CapabilityRef> PickCapability(const generate::Inventory& inventory, base::Rng& rng,
                                                     const std::function<bool(const generate::Item&)>& wanted);

//! Replaces each step number in a step by the result of `map`. Step numbers are references to earlier steps, and the
//! moments of Reaction::LATER.
void Renumber(program::Step& step, const std::function<program::StepIndex(program::StepIndex)>& map);

//! Inserts steps before the step at `position`. References and moments in the program are adjusted. Those in the
//! inserted steps must already be numbers of the program after the insertion. Cost: one pass over all arguments.
void InsertSteps(program::Program& program, program::StepIndex position, std::vector<program::Step> steps);

} // namespace mpfuzz::mutate
