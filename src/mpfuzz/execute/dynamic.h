#pragma once

#include <mpfuzz/program/value.h>

#include <capnp/dynamic.h>

#include <optional>

//! Converts between our values and Cap'n Proto's dynamic ones.
namespace mpfuzz::execute {

//! Resolves the references in a value while it is being sent.
class References
{
public:
    //! The capability; nullptr if it is null, was dropped, or was never received.
    virtual kj::Maybe<capnp::Capability::Client> Find(const program::CapabilityRef& ref) = 0;
    //! The data with its edits applied; nullopt if the answer does not contain it.
    virtual std::optional<program::Value> Find(const program::DataRef& ref) = 0;
    //! A new object that we serve.
    virtual capnp::Capability::Client Serve(const program::ServedObject& object) = 0;

protected:
    ~References() = default;
};

//! Set the fields of `builder`, a struct of type `struct_index`, to a valid value. Throws a kj::Exception if Cap'n
//! Proto refuses the value or the message would become too large.
void Fill(const schema::Schema& schema, uint32_t struct_index, capnp::DynamicStruct::Builder builder,
          const program::StructValue& value, References& references);

//! Convert a struct that we received. Leaves out fields that have their default value, and AnyPointers that are not
//! capabilities. Cuts off what exceeds trace::MAX_ANSWER_BYTES or trace::MAX_ANSWER_ELEMENTS. Throws a kj::Exception if
//! the message is malformed.
program::StructValue Read(const schema::Schema& schema, uint32_t struct_index, capnp::DynamicStruct::Reader reader);

//! The capability at the end of a path; nullptr if it is null or the value does not have that path.
//!
//! @param type  Type of the value.
kj::Maybe<capnp::Capability::Client> FollowToCapability(const schema::Schema& schema, capnp::DynamicValue::Reader value,
                                                        schema::Type type, const program::Path& path);

} // namespace mpfuzz::execute
