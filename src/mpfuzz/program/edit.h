#pragma once

#include <mpfuzz/program/program.h>
#include <mpfuzz/program/visit.h>

#include <optional>

//! Changes to a program that keep it valid, for mutate and triage.
namespace mpfuzz::program {

//! Remove one step, and repair the steps that depended on it.
//!
//! Also removes the steps that cannot exist without it: a Bootstrap without its connection, a Call without its target.
//! In the arguments of other steps, a capability that it returned becomes null. If an argument uses data of its answer,
//! a field is unset, a list loses the element, and an AnyPointer becomes null. Step numbers in later references and
//! moments are adapted. The program is valid before and after.
//!
//! @param step  Index in [0, program.steps.size()); otherwise CHECK fails.
//! @return Number of steps removed, at least 1. Cost: one pass over all arguments.
size_t RemoveStep(Program& program, StepIndex step);

//! Remove all steps in [begin, end) in the same way. There must be at least one.
size_t RemoveSteps(Program& program, StepIndex begin, StepIndex end);

//! Insert a step before `position`, and adapt the step numbers in references and moments of the other steps. References
//! of the new step must name steps before `position`. Moments of the new step are not changed: they must already name
//! the steps as they are numbered after the insertion. Cost: one pass over all arguments.
void InsertStep(Program& program, StepIndex position, Step step);

//! Append the steps of `tail`, and adapt the step numbers in their references. The result is valid if both programs are
//! valid and it has at most MAX_STEPS steps.
void Append(Program& program, const Program& tail);

//! True if a reference to one of the two steps stays valid if it names the other step: two Connects, two Bootstraps or
//! two Serves of the same interface, or two Calls of the same method.
bool Interchangeable(const Program& program, StepIndex a, StepIndex b);

//! Change all references to `from` into references to `to`. The step `to` must be earlier and interchangeable. `from`
//! stays in the program, but no step uses it.
//! Cost: one pass over all arguments.
void Redirect(Program& program, StepIndex from, StepIndex to);

//! Move all steps of the connection `from` to the earlier connection `into`, and remove `from`. If `into` then has
//! several Bootstraps of one interface, only the first stays, and steps that used the others use it.
//!
//! @return Number of steps removed, at least 1.
size_t MergeConnections(Program& program, StepIndex from, StepIndex into);

//! Returns the program with an Await after every call, so that its behaviour depends less on timing.
//!
//! @return nullopt if it would have more than MAX_STEPS steps.
std::optional<Program> AwaitEach(Program program);

//! Returns the program with a delay before every Cancel, Drop, Disconnect and Signal, so that the target has received
//! all earlier messages before that step.
//!
//! @param ms  At most MAX_DELAY_MS.
//! @return nullopt if there is no such step, or if it would have more than MAX_STEPS steps.
std::optional<Program> DelayGivingUp(Program program, uint32_t ms);

//! Move the object of a Serve step into the argument that uses it, and remove the step.
//!
//! @return False, without a change, if the object is not used exactly once, in an argument; or if the argument would
//!         exceed the limits of program.h.
bool InlineServed(const schema::Schema& schema, Program& program, StepIndex serve);

//! Capabilities of an interface (or of one that extends it) that steps before `step` return or serve, earliest first.
//! From a list, only the first element. Includes capabilities that are no longer live at `step`.
std::vector<CapabilityRef> CapabilitiesBefore(const schema::Schema& schema, const Program& program, StepIndex step,
                                              uint32_t interface);

//! Simpler values to try instead of a value, simplest first: the default, zero, an empty list, half of the list, the
//! list without one element. For a served object: fewer reactions, fewer results, and reactions that return at once
//! instead of waiting or calling back. Empty if nothing is simpler. Each candidate fits the type.
std::vector<Value> SimplerValues(const schema::Schema& schema, schema::Type type, const Value& value);

//! Path and type of one value in a step.
struct ArgumentPath {
    schema::Type type;
    //! From the step's fields. ELEMENT: index in a ListValue or of a reaction; 0 in RepeatValue and AnyValue.
    Path path;
    bool unset_is_zero{false}; //!< true for a field if unsetting it means the same as zero or null
};
//! Paths of all values in the arguments of a Call, outermost first. Empty for other steps.
std::vector<ArgumentPath> ArgumentPaths(const schema::Schema& schema, const Step& step);
//! Paths of all values in a Call, a Message or a Serve, including the results of served objects. If the value at a path
//! is changed, all paths before it in the list stay valid.
std::vector<ArgumentPath> AllPaths(const schema::Schema& schema, const Step& step);
//! The value at a path of the step. CHECK fails if there is none.
Value& At(Step& step, const ArgumentPath& place);
const Value& At(const Step& step, const ArgumentPath& place);
//! Unset the field at a path. @return False, without a change, if it leads to an element.
bool Unset(Step& step, const ArgumentPath& place);

} // namespace mpfuzz::program
