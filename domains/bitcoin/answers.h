#pragma once

#include <mpfuzz/domain/domain.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/trace/trace.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::domains::bitcoin {

//! A run that postconditions check. Borrows everything.
struct Run {
    const schema::Schema& schema;
    const program::Program& program;
    const trace::Trace& trace;
};

domain::Postcondition MakePostcondition(std::string name,
                                        std::function<std::optional<domain::Fault>(const Run&)> judge);

//! A call that was answered.
struct Answered {
    program::StepIndex step{0};
    const program::Call& call;
    const trace::Outcome& outcome;

    //! True if this call was answered before the other call was sent.
    bool Precedes(const Answered& other) const { return outcome.ended_ns <= other.outcome.sent_ns; }
};

//! Returns all answered calls of a method, in the program's order. The parameters are the names of interface and
//! method.
std::vector<Answered> AnswersOf(const Run& run, std::string_view interface, std::string_view method);

//! The value at a path of field names in a struct. Returns null if a field is not set, or does not exist.
const program::Value* Find(const schema::Schema& schema, uint32_t struct_index, const program::StructValue& fields,
                           const std::vector<std::string_view>& names);
//! The same for a value in an answer, and for a value in the arguments of a call.
const program::Value* FindResult(const Run& run, const Answered& answered, const std::vector<std::string_view>& names);
const program::Value* FindArgument(const Run& run, const program::Call& call,
                                   const std::vector<std::string_view>& names);

//! A Data or Text field of an answer; empty if it is not set.
std::string_view ResultBytes(const Run& run, const Answered& answered, const std::vector<std::string_view>& names);
//! Elements of a list in an answer; none if it is not set.
std::vector<program::Value> ResultList(const Run& run, const Answered& answered, std::string_view name);

//! True if the program calls a method whose name begins with `prefix`, answered or not: on `target`, or on any
//! capability if `target` is null.
bool CallsAny(const Run& run, std::string_view prefix, const program::CapabilityRef* target = nullptr);

} // namespace mpfuzz::domains::bitcoin
