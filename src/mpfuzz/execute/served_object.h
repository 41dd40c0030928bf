#pragma once

#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/program/program.h>

#include <capnp/dynamic.h>

#include <functional>
#include <memory>

namespace mpfuzz::execute {

//! Connects served objects with their run. The objects hold a pointer to it, which becomes null at the end of the run.
struct ServedEnvironment {
    References& references;
    std::function<void(program::StepIndex, schema::MethodRef, program::StructValue arguments)> on_call;
    //! A promise that resolves when the program reaches this step or its end; nullptr if it already has.
    std::function<kj::Maybe<kj::Promise<void>>(uint32_t step)> reached;
    //! Close the connection on which an object was last passed to the target.
    std::function<void(program::StepIndex)> disconnect;
    //! Called after `unanswered` was incremented.
    std::function<void()> on_unanswered;
    //! Number of the target's calls that we have not answered yet.
    size_t unanswered{0};
    //! Number of calls that we are making in order to answer a call of the target.
    size_t nesting{0};
};

//! An object that the target may call. If it outlives its run, its methods throw.
//!
//! @param step         The program's step that made the object; passed to the environment's functions.
//! @param environment  Shared by all objects of the run. The run resets it at its end.
capnp::Capability::Client MakeServedObject(const schema::Schema& schema, const program::ServedObject& object,
                                           program::StepIndex step,
                                           std::shared_ptr<std::unique_ptr<ServedEnvironment>> environment);

} // namespace mpfuzz::execute
