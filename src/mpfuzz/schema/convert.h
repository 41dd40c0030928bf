#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/declarations.h>
#include <mpfuzz/schema/schema.h>

#include <capnp/schema.h>

namespace mpfuzz::schema {

//! Kind of a type that is not a list, enum, struct or interface. ANY_POINTER for an unknown kind of a newer version of
//! Cap'n Proto.
Kind PlainKind(::capnp::Type type);

//! A value in schema-language syntax: `"text"`, `0x"0aff"`, `[1, 2]`, `(a = 1)`, an enumerant's name.
//! Empty for null pointers that have no type.
std::string ValueText(::capnp::schema::Value::Reader value, ::capnp::Type type);

//! The default of a field, as ValueText() writes it. Empty if the default is the zero of the type.
std::string DefaultText(::capnp::StructSchema::Field field);

//! Annotations in the order in which they are written.
std::vector<Annotation> ToAnnotations(const Declarations& declarations, const ::capnp::SchemaLoader& loader,
                                      ::capnp::List<::capnp::schema::Annotation>::Reader annotations);

} // namespace mpfuzz::schema
