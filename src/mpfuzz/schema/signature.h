#pragma once

#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mpfuzz::schema {

//! Fields in schema language: `(hash :Data, height :Int32 = 5, union (a :Text, b :group (x :Int32)))`.
std::string FieldsText(const Schema& schema, uint32_t struct_index);

//! What stands left and right of a method's arrow: the fields of an implicit struct, the name of a declared
//! one, or `stream`.
std::string ParamsText(const Schema& schema, const Method& method);
std::string ResultsText(const Schema& schema, const Method& method);

//! Declared structs and the enums that methods speak of, directly or through other structs; in the
//! Schema's order.
struct SpokenTypes {
    std::vector<uint32_t> structs;
    std::vector<uint32_t> enums;
};
SpokenTypes FindSpokenTypes(const Schema& schema);

} // namespace mpfuzz::schema
