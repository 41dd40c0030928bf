#pragma once

#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/program.h>

#include <functional>
#include <optional>
#include <variant>
#include <vector>

//! Picking, renumbering and inserting steps. The Pick functions return nullopt if nothing fits, and give all
//! candidates the same chance.
namespace mpfuzz::mutate {

//! A step that `wanted` accepts.
std::optional<program::StepIndex> PickStep(const program::Program& program, base::Rng& rng,
                                           const std::function<bool(const program::Step&)>& wanted);

//! A step of the type T, such as program::Call.
template<typename T>
std::optional<program::StepIndex> PickStepOf(const program::Program& program, base::Rng& rng)
{
    return PickStep(program, rng, [](const program::Step& step) { return std::holds_alternative<T>(step); });
}

//! A call of a method that has parameters.
std::optional<program::StepIndex> PickCallWithParameters(const schema::Schema& schema, const program::Program& program,
                                                         base::Rng& rng);

//! A capability in the inventory that `wanted` accepts.
std::optional<program::CapabilityRef> PickCapability(const generate::Inventory& inventory, base::Rng& rng,
                                                     const std::function<bool(const generate::Item&)>& wanted);

//! Replaces every step number in a step by `map` of it: references to earlier steps, and the moments of
//! Reaction::LATER.
void Renumber(program::Step& step, const std::function<program::StepIndex(program::StepIndex)>& map);

//! Inserts steps in front of `position`. References and moments that point to steps from there on move up. The inserted
//! steps' own numbers are those of the program after the insertion. Cost: one pass over all arguments.
void InsertSteps(program::Program& program, program::StepIndex position, std::vector<program::Step> steps);

} // namespace mpfuzz::mutate
