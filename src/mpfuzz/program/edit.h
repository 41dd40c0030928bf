#pragma once

#include <mpfuzz/program/program.h>

#include <functional>

//! Edits that keep a program valid. mutate picks them at random, triage tries them in order.
namespace mpfuzz::program {

//! Remove one step and repair whatever depended on it.
//!
//! Capabilities it produced become null in arguments, data it produced becomes the field's default, and
//! steps that cannot exist without it (a Bootstrap without its connection, a Call without its target)
//! are removed with it. A list loses the elements that were such data; an AnyPointer becomes null. Later
//! references and moments move down. Valid before and after.
//!
//! @param step  Index in [0, program.steps.size()); otherwise CHECK fails.
//! @return Number of steps removed, at least 1. Cost: one pass over all arguments.
size_t RemoveStep(Program& program, StepIndex step);

//! Insert a step in front of `position`, moving later references and moments up. The step's own references
//! must name steps before `position`; its moments are of the program after the insertion. Cost: one pass
//! over all arguments.
void InsertStep(Program& program, StepIndex position, Step step);

//! Append `tail`, its references moved up accordingly. Valid if both were, and together are within MAX_STEPS.
void Append(Program& program, const Program& tail);

//! Visit every reference to a step in a step (target, arguments, connection, awaited call): the
//! visitor may change it. What served objects return is included; see ForEachMoment for when.
void ForEachReference(Step& step, const std::function<void(StepIndex&)>& visit);

//! Visit the moment of every Reaction::LATER in a step. Not references: they usually lie ahead.
void ForEachMoment(Step& step, const std::function<void(uint32_t&)>& visit);

//! Visit every CapabilityRef in a step, its target first.
void ForEachCapability(Step& step, const std::function<void(CapabilityRef&)>& visit);

//! Simpler values to try in place of one, simplest first: the default, zero, an empty list, half of
//! it, its elements one fewer. Empty where nothing is simpler. Each candidate fits the same type.
std::vector<Value> SimplerValues(const schema::Schema& schema, schema::Type type, const Value& value);

//! One place in a step that holds an argument value: path of field and element indices.
struct Place {
    schema::Type type;
    Path path; //!< from the call's arguments; ELEMENT goes into ListValue, RepeatValue and AnyValue (0)
};
//! All places of a Call's arguments that are set, outermost first; empty for other steps.
std::vector<Place> Places(const schema::Schema& schema, const Step& step);
//! The value at a place of that step; CHECK fails where there is none.
Value& At(Step& step, const Place& place);

} // namespace mpfuzz::program
