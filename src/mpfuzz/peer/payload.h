#pragma once

#include <mpfuzz/program/value.h>
#include <mpfuzz/schema/schema.h>

#include <capnp/rpc.capnp.h>

#include <functional>
#include <optional>

namespace mpfuzz::peer {

//! What stands in a message for a capability, seen by whoever reads it.
//!
//! @param descriptor  In the message's table.
//! @param type        That the schema has at its place.
//! @param path        From the parameters or results to its place.
//! @return What is to stand in the value.
using OnCapability = std::function<program::Value(capnp::rpc::CapDescriptor::Reader descriptor, schema::Type type,
                                                  const program::Path& path)>;

struct ReadPayload {
    program::StructValue fields;
    size_t lost{0}; //!< places whose content could not be read in full: untyped pointers, what is too long
};

//! Read a call's parameters or results as a struct of that type: execute::Read, with capabilities as told, and
//! with the branches of unions that are at their default. Throws a kj::Exception where the message is malformed.
ReadPayload Read(const schema::Schema& schema, uint32_t struct_index, capnp::rpc::Payload::Reader payload,
                 const OnCapability& on_capability);

//! Follow a promised answer's transform from a struct of that type. Nothing where it leads nowhere, or where several
//! fields share the place.
std::optional<program::Path> FollowTransform(const schema::Schema& schema, uint32_t struct_index,
                                             capnp::rpc::PromisedAnswer::Reader promised);

} // namespace mpfuzz::peer
