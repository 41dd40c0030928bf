#pragma once

#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/program/program.h>

#include <capnp/dynamic.h>

#include <functional>
#include <memory>

namespace mpfuzz::execute {

//! What served objects tell the run that they belong to, and ask of it; null once that run is over.
struct ServedEnvironment {
    References& references;
    std::function<void(program::StepIndex, schema::MethodRef, program::StructValue arguments)> on_call;
    //! Resolves once the program has reached a step, or its end; nothing where it has.
    std::function<kj::Maybe<kj::Promise<void>>(uint32_t step)> reached;
    //! Close the connection on which an object was passed to the target last.
    std::function<void(program::StepIndex)> disconnect;
    //! Called when `owed` has gone up.
    std::function<void()> on_owing;
    //! Calls that we have not answered, and whose answer is not on its way by itself.
    size_t owed{0};
    //! Calls of ours in answer to calls of the target's, each within another.
    size_t nesting{0};
};

//! An object of ours that the target may call. Outlives its run harmlessly: it then throws.
//!
//! @param step         Of the program, that made it: what the environment is told.
//! @param environment  Shared with all objects of the run, which empties it at its end.
capnp::Capability::Client MakeServedObject(const schema::Schema& schema, const program::ServedObject& object,
                                           program::StepIndex step,
                                           std::shared_ptr<std::unique_ptr<ServedEnvironment>> environment);

} // namespace mpfuzz::execute
