#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <optional>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

struct Case;

//! A method whose calls on one capability keep their order if they name the same capability in an argument, such as the
//! same thread in libmultiprocess.
struct Queue {
    schema::MethodRef method;
    program::Path path; //!< of that argument in the method's parameters: fields only
    friend bool operator==(const Queue&, const Queue&) = default;
};

//! Read an entry of `in_order_by` in target.toml, such as `context.thread`.
//!
//! @return A queue for each method that has a capability there; an error if no method has one.
base::Result<std::vector<Queue>> ParseQueues(const schema::Schema& schema, std::string_view path);

//! The capability that a call names at a queue's path. Returns nullopt if the queue belongs to another method, or if
//! the call has no reference there.
std::optional<program::CapabilityRef> PlaceInQueue(const Queue& queue, const program::Call& call);

//! True if that capability certainly existed: it is an object of ours, or an answer contained it. If it did not exist,
//! the target may put a call that names it into any queue, or into none.
bool IsThere(const Case& run, const program::CapabilityRef& place);

//! True if the target certainly finished one call before it began with another: the first was answered before the
//! other was sent, or both are in one queue.
bool Precedes(const Case& run, program::StepIndex earlier, program::StepIndex later);

} // namespace mpfuzz::observe
