#pragma once

#include <mpfuzz/schema/schema.h>

#include <array>
#include <string_view>
#include <utility>

namespace mpfuzz::schema {

//! The built-in types of the schema language, and their names.
inline constexpr std::array<std::pair<Kind, std::string_view>, 18> BUILTIN_TYPES{{
    {Kind::VOID, "Void"},
    {Kind::BOOL, "Bool"},
    {Kind::INT8, "Int8"},
    {Kind::INT16, "Int16"},
    {Kind::INT32, "Int32"},
    {Kind::INT64, "Int64"},
    {Kind::UINT8, "UInt8"},
    {Kind::UINT16, "UInt16"},
    {Kind::UINT32, "UInt32"},
    {Kind::UINT64, "UInt64"},
    {Kind::FLOAT32, "Float32"},
    {Kind::FLOAT64, "Float64"},
    {Kind::TEXT, "Text"},
    {Kind::DATA, "Data"},
    {Kind::ANY_POINTER, "AnyPointer"},
    {Kind::ANY_STRUCT, "AnyStruct"},
    {Kind::ANY_LIST, "AnyList"},
    {Kind::CAPABILITY, "Capability"},
}};

//! The one built-in type that takes a parameter.
inline constexpr std::string_view LIST_NAME{"List"};

} // namespace mpfuzz::schema
