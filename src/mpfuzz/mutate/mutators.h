#pragma once

#include <mpfuzz/generate/generator.h>
#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/schema_index.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

//! Mutators: functions that make one small random change to a program. The result is always a valid program.
//!
//! This header documents every mutator. To add a mutator, write it in the .cpp file of its topic, add a test, declare
//! it here, and add one line to the table in mutators.cpp.
namespace mpfuzz::mutate {

//! The fuzzing engine's own byte mutator, such as LLVMFuzzerMutate. It uses the engine's dictionary. If the target runs
//! in the engine's process, it also uses the values that the target compared with its input.
//!
//! Changes `bytes` in place and returns their new length, at most `max`. The buffer has room for `max` bytes.
using Hints = std::function<size_t(std::span<uint8_t> bytes, size_t max)>;

//! Pairs of different numbers that the target compared with each other, zero-extended, in any order.
using ComparisonList = std::vector<std::pair<uint64_t, uint64_t>>;

//! Returns the comparisons that the target made while it ran the program that is being mutated, or an earlier program.
using Comparisons = std::function<ComparisonList()>;

//! What a mutator may use. Borrows everything.
struct Context {
    const schema::Schema& schema;
    const generate::SchemaIndex& schema_index;
    generate::Generator& generator;
    base::Rng& rng;
    const program::Program* other{nullptr};        //!< a second valid program to take steps from; may be null
    const Hints* hints{nullptr};                   //!< null, or a function that is not empty
    const Comparisons* comparisons{nullptr};       //!< null, or a function that is not empty
    size_t max_steps{30};                          //!< a mutator adds no step to a program that has this many or more
    std::optional<program::StepIndex> only_step{}; //!< if set, PickValue and PickFields look at this step only

    //! Number of steps that may still be added.
    size_t Room(const program::Program& program) const
    {
        return program.steps.size() < max_steps ? max_steps - program.steps.size() : 0;
    }

    //! The connections and capabilities that exist after the first `end` steps of a program. Cost: a pass over them.
    generate::Inventory Before(const program::Program& program, program::StepIndex end) const;
};

//! Which optional member of Context a mutator needs.
enum class Needs : uint8_t { NOTHING, OTHER, HINTS, COMPARISONS };

//! One way to change a program.
struct Mutator {
    std::string_view name;
    uint32_t weight{0}; //!< base weight; MutatorStatistics adapts it
    Needs needs{Needs::NOTHING};
    //! Changes a valid program. The result is valid, unless it exceeds the bounds in program.h: see OverBounds().
    //!
    //! Adds no step to a program that has max_steps steps or more. A call is added together with the steps that it
    //! needs, so the result may have more than max_steps steps.
    //!
    //! @return False if the mutator found nothing to change: the program is then unchanged. True if it changed
    //!         something; by chance, the result can still equal the original.
    bool (*apply)(program::Program& program, Context& context);
};

//! The table of all mutators, always in the same order. A mutator's id is its index in this table.
std::span<const Mutator> Mutators();

//! The index of a mutator in Mutators(). CHECK fails if no mutator has that name.
size_t MutatorId(std::string_view name);

// Steps: steps.cpp, crossover.cpp.

//! Inserts a call, and before it the calls that return the capabilities that it needs.
bool InsertCall(program::Program& program, Context& context);
//! Removes a step, and the steps that cannot run without it.
bool RemoveAStep(program::Program& program, Context& context);
//! Copies a step to a later position.
bool DuplicateStep(program::Program& program, Context& context);
//! Inserts several copies of a call directly after it, and changes one argument of each copy.
bool VaryCall(program::Program& program, Context& context);
//! Moves a step to another position: after all steps that it needs, and before all steps that need it.
bool MoveStep(program::Program& program, Context& context);
//! Repeats some adjacent steps. Each copy uses its own results.
bool RepeatBlock(program::Program& program, Context& context);
//! Copies some calls of the other program (or of this one, if there is no other). The copies use capabilities of this
//! program. If it has none of the right interface, the calls that return them are copied too.
bool SpliceSteps(program::Program& program, Context& context);
//! Joins the beginning of this program and the end of the other program. Needs the other program.
bool CrossOver(program::Program& program, Context& context);

// Values: numbers_and_bytes.cpp, values.cpp, comparisons.cpp.

//! Changes an integer, float, bool or enum a little, or replaces it by a value that often matters, such as a limit.
bool ChangeNumber(program::Program& program, Context& context);
//! Inserts, erases, overwrites, repeats or replaces some bytes of a Text or Data.
bool ChangeBytes(program::Program& program, Context& context);
//! Inserts, removes, duplicates, swaps or repeats elements of a list.
bool ChangeList(program::Program& program, Context& context);
//! Sets or unsets a field of a struct, or sets another branch of its union.
bool ChangeFields(program::Program& program, Context& context);
//! Replaces an argument, or a part of one, by a new value from the domains' value sources or the generator.
bool MakeValueAnew(program::Program& program, Context& context);
//! Replaces a value by data from the answer to an earlier call.
bool TakeAnswer(program::Program& program, Context& context);
//! Changes the edits that are applied to bytes of an answer before they are used as an argument.
bool EditAnswer(program::Program& program, Context& context);
//! Lets the engine's byte mutator change a number, Text or Data. Needs hints.
bool HintValue(program::Program& program, Context& context);
//! Finds a number, the length of a list, or some bytes of a Text or Data that the target compared with another number,
//! and replaces it by that other number. Needs comparisons.
bool MatchComparison(program::Program& program, Context& context);
//! Returns the comparisons that MatchComparison can use in this program: those with an operand that occurs in it.
ComparisonList RelevantComparisons(const schema::Schema& schema, const program::Program& program,
                                   const ComparisonList& comparisons);

// Capabilities and connections: capabilities.cpp.

//! Puts an invalid value into a call: an enum out of range, a null pointer, text that is not UTF-8, a very long list, a
//! released capability, or a capability of another interface or connection.
bool BreakValue(program::Program& program, Context& context);
//! Lets a step call, pass or drop another live capability of the same interface and connection.
bool RetargetCapability(program::Program& program, Context& context);
//! Moves a step to another connection, where it uses capabilities of the same interfaces.
bool MoveToConnection(program::Program& program, Context& context);

// Served objects and timing: served_and_timing.cpp.

//! Changes how an object that we serve answers.
bool ChangeServed(program::Program& program, Context& context);
//! Adds an Await for a call, so that later steps are sent only after the call was answered.
bool AwaitCall(program::Program& program, Context& context);
//! Removes an Await, or all of them: calls that use the answer are then pipelined.
bool PipelineCall(program::Program& program, Context& context);
//! Drops a capability, cancels a call, or closes a connection.
bool GiveUpEarly(program::Program& program, Context& context);
//! Sends a message or bytes that no correct client would send.
bool SendRaw(program::Program& program, Context& context);
//! Inserts or changes a delay, or changes how a connection is closed.
bool ChangeTiming(program::Program& program, Context& context);

} // namespace mpfuzz::mutate
