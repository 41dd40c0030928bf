#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/program/visit.h>

#include <optional>

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

//! The same for all steps in [begin, end), which are some.
size_t RemoveSteps(Program& program, StepIndex begin, StepIndex end);

//! Insert a step in front of `position`, moving later references and moments up. The step's own references
//! must name steps before `position`; its moments are of the program after the insertion. Cost: one pass
//! over all arguments.
void InsertStep(Program& program, StepIndex position, Step step);

//! Append `tail`, its references moved up accordingly. Valid if both were, and together are within MAX_STEPS.
void Append(Program& program, const Program& tail);

//! True where whatever names one of two steps may name the other instead: two Connects, two Bootstraps or
//! Serves of one interface, two Calls of one method.
bool Interchangeable(const Program& program, StepIndex a, StepIndex b);

//! Let every step that names `from` name `to`, an earlier and interchangeable step, instead. `from` stays,
//! unused. Cost: one pass over all arguments.
void Redirect(Program& program, StepIndex from, StepIndex to);

//! Move everything of the connection that the step `from` opens onto that of the earlier step `into`. Of
//! several Bootstraps of one interface on it, the first is kept and stands for all.
//!
//! @return Number of steps removed, at least 1.
size_t MergeConnections(Program& program, StepIndex from, StepIndex into);

//! The same with every call awaited before the next step, so that less depends on who is faster.
//!
//! @return Nothing where that is more than MAX_STEPS.
std::optional<Program> AwaitEach(Program program);

//! The same with a delay in front of every step that gives something up (a cancel, drop, disconnect or signal), so
//! that what was sent before it is under way by then.
//!
//! @param ms  At most MAX_DELAY_MS.
//! @return Nothing where there is no such step, or where that is more than MAX_STEPS.
std::optional<Program> DelayGivingUp(Program program, uint32_t ms);

//! Move the object of a Serve step into the one argument that names it, and remove the step.
//!
//! @return False, and nothing is changed, where other than exactly one argument names the object, or where the
//!         argument would pass the bounds of program.h.
bool InlineServed(const schema::Schema& schema, Program& program, StepIndex serve);

//! Capabilities that steps before `step` make and that can stand for an interface, the earliest first;
//! of a list's, the first. Those that were dropped or lost meanwhile are included.
std::vector<CapabilityRef> CapabilitiesBefore(const schema::Schema& schema, const Program& program, StepIndex step,
                                              uint32_t interface);

//! Simpler values to try in place of one, simplest first: the default, zero, an empty list, half of
//! it, its elements one fewer. Empty where nothing is simpler. Each candidate fits the same type. An object of
//! ours loses reactions, then results; a reaction that waits or calls back returns at once.
std::vector<Value> SimplerValues(const schema::Schema& schema, schema::Type type, const Value& value);

//! One place in a step that holds a value: path of field and element indices.
struct ArgumentPath {
    schema::Type type;
    Path path; //!< from the step's fields; ELEMENT goes into ListValue, RepeatValue, AnyValue (0), and reactions
    bool unset_is_zero{false}; //!< a field whose zero or null means the same as leaving it unset
};
//! All places of a Call's arguments that are set, outermost first; empty for other steps.
std::vector<ArgumentPath> ArgumentPaths(const schema::Schema& schema, const Step& step);
//! The same for a Call, a Message and a Serve, and with the results of served objects' reactions. An edit at a
//! place moves no place in front of it.
std::vector<ArgumentPath> AllPaths(const schema::Schema& schema, const Step& step);
//! The value at a place of that step; CHECK fails where there is none.
Value& At(Step& step, const ArgumentPath& place);
const Value& At(const Step& step, const ArgumentPath& place);
//! Unset the field at a place. @return False for an element, which is left as it is.
bool Unset(Step& step, const ArgumentPath& place);

} // namespace mpfuzz::program
