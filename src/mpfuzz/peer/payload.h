#pragma once

#include <mpfuzz/program/value.h>
#include <mpfuzz/schema/schema.h>

#include <capnp/rpc.capnp.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace mpfuzz::peer {

//! The method with this interface id and ordinal. Names are not compared, because an inherited method may have the same
//! name as another one.
//!
//! @param interface  The object's interface, if it is known.
//! @return nullopt if the schema has no such method, or has several because the interface is generic.
std::optional<schema::MethodRef> FindMethod(const schema::Schema& schema, std::optional<uint32_t> interface,
                                            uint64_t id, uint16_t ordinal);

//! Called for each capability in a message.
//!
//! @param descriptor  Its entry in the message's capability table.
//! @param type        Its type according to the schema.
//! @param path        Its path, from the parameters or results.
//! @return The value to use for it.
using OnCapability = std::function<program::Value(capnp::rpc::CapDescriptor::Reader descriptor, schema::Type type,
                                                  const program::Path& path)>;

struct ReadPayload {
    program::StructValue fields;
    size_t lost{0}; //!< number of values that were not read in full: untyped pointers, and values that are too long
};

//! Read a call's parameters or results as a struct of this type. Unlike execute::Read, it takes the value of each
//! capability from `on_capability`, and keeps the field that is set in a union if it has its default value. Throws a
//! kj::Exception if the message is malformed.
ReadPayload Read(const schema::Schema& schema, uint32_t struct_index, capnp::rpc::Payload::Reader payload,
                 const OnCapability& on_capability);

//! The path that the transform of a promised answer describes, from a struct of this type. Returns nullopt if there is
//! no such path, or if several fields have the same position in the message.
std::optional<program::Path> FollowTransform(const schema::Schema& schema, uint32_t struct_index,
                                             capnp::rpc::PromisedAnswer::Reader promised);

} // namespace mpfuzz::peer
