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

//! A run that postconditions look at. Borrows everything.
struct Run {
    const schema::Schema& schema;
    const program::Program& program;
    const trace::Trace& trace;
};

//! What is wrong with a run; nothing where nothing is.
using Complaint = std::optional<std::string>;

domain::Postcondition MakePostcondition(std::string name, std::function<Complaint(const Run&)> judge);

//! A call that was answered.
struct Answered {
    const program::Call& call;
    const trace::Outcome& outcome;

    //! True where it was answered before the other was sent.
    bool Precedes(const Answered& other) const { return outcome.ended_ns <= other.outcome.sent_ns; }
};

//! All of a method, by its name and its interface's, in the program's order.
std::vector<Answered> AnswersOf(const Run& run, std::string_view interface, std::string_view method);

//! What is set at field names into a struct; null where one of them is not set, or is not there.
const program::Value* Find(const schema::Schema& schema, uint32_t struct_index, const program::StructValue& fields,
                           const std::vector<std::string_view>& names);
//! The same in an answer, and in arguments.
const program::Value* FindResult(const Run& run, const Answered& answered, const std::vector<std::string_view>& names);
const program::Value* FindArgument(const Run& run, const program::Call& call,
                                   const std::vector<std::string_view>& names);

//! Data of an answer; empty where it is not set.
std::string_view ResultBytes(const Run& run, const Answered& answered, const std::vector<std::string_view>& names);
//! Elements of a list in an answer; none where it is not set.
std::vector<program::Value> ResultList(const Run& run, const Answered& answered, std::string_view name);

//! True where the program calls a method whose name begins so, answered or not, on that capability, or on any.
bool CallsAny(const Run& run, std::string_view prefix, const program::CapabilityRef* target = nullptr);

} // namespace mpfuzz::domains::bitcoin
