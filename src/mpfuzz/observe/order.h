#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <optional>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

struct Case;

//! A method whose calls are queued. Two calls on one capability are in the same queue, and keep their order, if they
//! name the same capability in an argument. In libmultiprocess that is the thread that runs the call.
struct Queue {
    schema::MethodRef method;
    program::Path path; //!< path of that argument in the method's parameters; it consists of fields only
    friend bool operator==(const Queue&, const Queue&) = default;
};

//! Parses an entry of `in_order_by` in target.toml, such as `context.thread`.
//!
//! @return A queue for each method that has a capability at this path. An error if no method has one.
base::Result<std::vector<Queue>> ParseQueues(const schema::Schema& schema, std::string_view path);

//! The capability that a call names at a queue's path. Returns nullopt if the queue belongs to another method, or if
//! the call has no reference there.
std::optional<program::CapabilityRef> PlaceInQueue(const Queue& queue, const program::Call& call);

//! True if the capability that a call names certainly existed: it is a served object, or an answer contained it. If it
//! did not exist, the target may put the call into any queue, or into none.
bool Existed(const Case& run, const program::CapabilityRef& place);

//! True if the target certainly finished the call `earlier` before it began with the call `later`: the first was
//! answered before the second was sent, or both are in one queue.
bool Precedes(const Case& run, program::StepIndex earlier, program::StepIndex later);

} // namespace mpfuzz::observe
