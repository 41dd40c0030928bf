#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/schema/schema.h>

#include <optional>
#include <string_view>
#include <vector>

namespace mpfuzz::observe {

struct Case;

//! A method whose calls on one capability keep their order where they name the same capability in an argument, as
//! libmultiprocess's do that name the same thread.
struct Queue {
    schema::MethodRef method;
    program::Path path; //!< of that argument in the method's parameters: fields only
    friend bool operator==(const Queue&, const Queue&) = default;
};

//! Read an entry of `in_order_by` in target.toml, such as `context.thread`.
//!
//! @return A queue for each method that has a capability there. An error says what is wrong where none has.
base::Result<std::vector<Queue>> ParseQueues(const schema::Schema& schema, std::string_view path);

//! The capability that a call names at a queue's path; nothing where the queue is another method's, or no reference
//! stands there.
std::optional<program::CapabilityRef> PlaceInQueue(const Queue& queue, const program::Call& call);

//! True where that capability was certainly there: an object of ours, or one that an answer brought. Where it was not,
//! a call that names it stands in no queue, or in whichever the target likes.
bool IsThere(const Case& run, const program::CapabilityRef& place);

//! True where the target has certainly carried out one call before it began with another: it was answered before the
//! other was sent, or both stand in one queue.
bool Precedes(const Case& run, program::StepIndex earlier, program::StepIndex later);

} // namespace mpfuzz::observe
