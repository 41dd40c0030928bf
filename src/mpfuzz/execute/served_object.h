#pragma once

#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/program/program.h>

#include <capnp/dynamic.h>

#include <functional>
#include <memory>

namespace mpfuzz::execute {

//! What served objects tell the run that they belong to; null once that run is over.
struct ServedEnvironment {
    References& references;
    std::function<void(program::StepIndex, schema::MethodRef)> on_call;
};

//! An object of ours that the target may call. Outlives its run harmlessly: it then throws.
//!
//! @param step         Of the program, that made it: what on_call is told.
//! @param environment  Shared with all objects of the run, which empties it at its end.
capnp::Capability::Client MakeServedObject(const schema::Schema& schema, const program::ServedObject& object,
                                           program::StepIndex step,
                                           std::shared_ptr<std::unique_ptr<ServedEnvironment>> environment);

} // namespace mpfuzz::execute
