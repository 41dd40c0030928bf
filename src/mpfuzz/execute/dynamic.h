#pragma once

#include <mpfuzz/program/value.h>

#include <capnp/dynamic.h>

#include <optional>

//! Between our values and Cap'n Proto's dynamic ones.
namespace mpfuzz::execute {

//! Resolves what a value refers to while it is being sent.
class References
{
public:
    //! The capability; nothing where it is null, dropped, or was never there.
    virtual kj::Maybe<capnp::Capability::Client> Find(const program::CapabilityRef& ref) = 0;
    //! The data with its edits applied; nothing where the answer does not have it.
    virtual std::optional<program::Value> Find(const program::DataRef& ref) = 0;
    //! A new object of ours.
    virtual capnp::Capability::Client Serve(const program::ServedObject& object) = 0;

protected:
    ~References() = default;
};

//! Set the fields of `builder`, a struct of type `struct_index`, to a valid value. Throws a
//! kj::Exception where Cap'n Proto refuses, or the message would grow beyond reason.
void Fill(const schema::Schema& schema, uint32_t struct_index, capnp::DynamicStruct::Builder builder,
          const program::StructValue& value, References& references);

//! What an answer holds. Fields at their default are left out, and so is the content of AnyPointers other
//! than capabilities. At most a fixed number of bytes and elements is read, what is beyond is cut off; throws
//! a kj::Exception where the message is malformed.
program::StructValue Read(const schema::Schema& schema, uint32_t struct_index, capnp::DynamicStruct::Reader reader);

//! The capability at the end of a path; nothing where it is null, or the value ends before.
//!
//! @param type  Of the value.
kj::Maybe<capnp::Capability::Client> FollowToCapability(const schema::Schema& schema, capnp::DynamicValue::Reader value,
                                                        schema::Type type, const program::Path& path);

} // namespace mpfuzz::execute
