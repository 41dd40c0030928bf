#pragma once

#include <mpfuzz/mutate/mutator.h>

//! All mutators. What each does is said here; how to add one: a .cpp, its test, and one line in
//! mutators.cpp's table.
namespace mpfuzz::mutate {

//! The one table, in an order that never depends on anything. A mutator's id is its position.
std::span<const Mutator> Mutators();

//! Position in Mutators(); CHECK fails where there is no mutator of that name.
size_t MutatorId(std::string_view name);

// Steps.

//! Call one more method, with what it takes to get there.
bool InsertCall(program::Program& program, Context& context);
//! Remove a step, and what cannot exist without it.
bool RemoveAStep(program::Program& program, Context& context);
//! Do the same again, at once or later.
bool DuplicateStep(program::Program& program, Context& context);
//! Call the same several times in a row, each time with another argument changed.
bool VaryCall(program::Program& program, Context& context);
//! Move a step to another place between what it needs and what needs it.
bool MoveStep(program::Program& program, Context& context);
//! Repeat some adjacent steps, each time on their own results.
bool RepeatBlock(program::Program& program, Context& context);
//! Take some calls of the other program (or of this one), on capabilities that are at hand here; where
//! there are none, with the calls that make them.
bool SpliceSteps(program::Program& program, Context& context);
//! Go on as the other program does from some point. Needs the other program.
bool CrossOver(program::Program& program, Context& context);

// Values.

//! Change an integer, float, bool or enum a little, or to one that is likely to matter.
bool ChangeNumber(program::Program& program, Context& context);
//! Insert, erase, overwrite, repeat or replace some bytes of a Text or Data.
bool ChangeBytes(program::Program& program, Context& context);
//! Insert, remove, duplicate, swap or repeat elements of a list.
bool ChangeList(program::Program& program, Context& context);
//! Set or unset a field of a struct, or pick another branch of its union.
bool ChangeFields(program::Program& program, Context& context);
//! Make an argument, or part of one, anew: as the domains' value sources have it, or else the generator.
bool MakeValueAnew(program::Program& program, Context& context);
//! Hand back data of an earlier call's answer.
bool TakeAnswer(program::Program& program, Context& context);
//! Change how an answer's bytes are edited on their way into an argument.
bool EditAnswer(program::Program& program, Context& context);
//! Let the engine's byte mutator change a number, Text or Data. Needs hints.
bool HintValue(program::Program& program, Context& context);
//! Make a number, the length of a list, or bytes somewhere in a Text or Data, equal to what the target compared it
//! with. Needs comparisons.
bool MatchComparison(program::Program& program, Context& context);
//! Those comparisons that MatchComparison has a use for in this program: with an operand that stands somewhere in it.
ComparisonList RelevantComparisons(const schema::Schema& schema, const program::Program& program,
                                   const ComparisonList& comparisons);
//! Break a rule on purpose: an enum out of range, a null pointer, text that is not UTF-8, a list longer than
//! sane, a capability of another interface or connection or one that is released.
bool BreakValue(program::Program& program, Context& context);

// Capabilities and connections.

//! Call, pass or drop another live capability of the same interface and connection.
bool RetargetCapability(program::Program& program, Context& context);
//! Make a step, with the capabilities that it uses, part of another connection.
bool MoveToConnection(program::Program& program, Context& context);
//! Change what an object of ours answers.
bool ChangeServed(program::Program& program, Context& context);

// Timing.

//! Wait for a call where the program went on without its answer.
bool AwaitCall(program::Program& program, Context& context);
//! Go on without an answer where the program waited: what uses it is pipelined.
bool PipelineCall(program::Program& program, Context& context);
//! Drop a capability, cancel a call, or close a connection.
bool GiveUpEarly(program::Program& program, Context& context);
//! Send a message or bytes that no client has reason to send.
bool SendRaw(program::Program& program, Context& context);
//! Insert or change a delay, or change how a connection is closed.
bool ChangeTiming(program::Program& program, Context& context);

} // namespace mpfuzz::mutate
