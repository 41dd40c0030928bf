#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/program/visit.h>

#include <optional>

//! Changes that keep a program valid, for mutate and triage.
namespace mpfuzz::program {

//! Remove one step, and repair the steps that depended on it.
//!
//! In arguments, capabilities that it made become null, and data from its answer is removed: a field is unset, a list
//! loses the element, an AnyPointer becomes null. Steps that cannot exist without it (a Bootstrap without its
//! connection, a Call without its target) are removed, too. The numbers in later references and moments are adapted.
//! The program is valid before and after.
//!
//! @param step  Index in [0, program.steps.size()); otherwise CHECK fails.
//! @return Number of steps removed, at least 1. Cost: one pass over all arguments.
size_t RemoveStep(Program& program, StepIndex step);

//! The same for all steps in [begin, end), at least one.
size_t RemoveSteps(Program& program, StepIndex begin, StepIndex end);

//! Insert a step before `position`, and adapt the numbers in other steps' references and moments. The references of the
//! new step must name steps before `position`; its moments count the steps after the insertion. Cost: one pass over
//! all arguments.
void InsertStep(Program& program, StepIndex position, Step step);

//! Append the steps of `tail`, and adapt the numbers in their references. The result is valid if both programs were,
//! and if it has at most MAX_STEPS steps.
void Append(Program& program, const Program& tail);

//! True if a reference to one of two steps may name the other instead: two Connects, two Bootstraps or Serves of the
//! same interface, or two Calls of the same method.
bool Interchangeable(const Program& program, StepIndex a, StepIndex b);

//! Replace all references to `from` by references to `to`, an earlier, interchangeable step. `from` stays, unused.
//! Cost: one pass over all arguments.
void Redirect(Program& program, StepIndex from, StepIndex to);

//! Move all steps of the connection `from` onto the earlier connection `into`. If that then has several Bootstraps of
//! one interface, the first replaces the others.
//!
//! @return Number of steps removed, at least 1.
size_t MergeConnections(Program& program, StepIndex from, StepIndex into);

//! The program with an Await after every call, so that less depends on timing.
//!
//! @return nullopt if it would have more than MAX_STEPS steps.
std::optional<Program> AwaitEach(Program program);

//! The program with a delay before every Cancel, Drop, Disconnect and Signal, so that the target has received the
//! earlier messages by then.
//!
//! @param ms  At most MAX_DELAY_MS.
//! @return nullopt if there is no such step, or if it would have more than MAX_STEPS steps.
std::optional<Program> DelayGivingUp(Program program, uint32_t ms);

//! Move the object of a Serve step into the one argument that names it, and remove the step.
//!
//! @return False, without a change, unless exactly one argument names the object, or if the argument would exceed the
//!         limits of program.h.
bool InlineServed(const schema::Schema& schema, Program& program, StepIndex serve);

//! Capabilities of an interface (or one that extends it) that steps before `step` make, the earliest first. Of a list,
//! only the first. Includes those that a step drops or loses in between.
std::vector<CapabilityRef> CapabilitiesBefore(const schema::Schema& schema, const Program& program, StepIndex step,
                                              uint32_t interface);

//! Simpler values to try in place of one, simplest first: the default, zero, an empty list, half of the list, the list
//! without one element. Empty if nothing is simpler. Each candidate fits the same type. A served object loses
//! reactions, then results; then reactions that wait or call back return at once.
std::vector<Value> SimplerValues(const schema::Schema& schema, schema::Type type, const Value& value);

//! Path and type of one value in a step.
struct ArgumentPath {
    schema::Type type;
    Path path; //!< from the step's fields; ELEMENT goes into ListValue, RepeatValue, AnyValue (0), and reactions
    bool unset_is_zero{false}; //!< a field whose zero or null means the same as leaving it unset
};
//! Paths of all values in the arguments of a Call, outermost first. Empty for other steps.
std::vector<ArgumentPath> ArgumentPaths(const schema::Schema& schema, const Step& step);
//! The same for a Call, a Message and a Serve, including the results of served objects. Changing the value at a path
//! keeps all paths before it in the list valid.
std::vector<ArgumentPath> AllPaths(const schema::Schema& schema, const Step& step);
//! The value at a path of the step. CHECK fails if there is none.
Value& At(Step& step, const ArgumentPath& place);
const Value& At(const Step& step, const ArgumentPath& place);
//! Unset the field at a path. @return False, without a change, if it leads to an element.
bool Unset(Step& step, const ArgumentPath& place);

} // namespace mpfuzz::program
