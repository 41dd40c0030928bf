#pragma once

#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <optional>
#include <string>

namespace mpfuzz::schema {

//! What can be called, and how to get there, as text to read: every interface with its methods in schema
//! language and the shortest way to it from the main interface, then the structs and enums that they
//! speak of. Lines are kept within 100 columns where the names allow it.
//!
//! @param main  Index of the main interface. Without one, an interface's nearest producer stands for the way.
std::string Describe(const Schema& schema, std::optional<uint32_t> main);

//! The same as one JSON object:
//!
//!     {"hash": "16 hex digits", "main": NAME or null,
//!      "interfaces": [{"name", "id": "0x…", "extends": [NAME…], "reachable": bool or null,
//!                      "route": [{"method": "Init.makeMining", "path": "result"}…],
//!                      "wanted_by": [{"method", "path"}…],
//!                      "methods": [{"name", "ordinal", "params", "results", "streaming"}…]}…],
//!      "structs": [{"name", "id", "fields": "(…)"}…], "enums": [{"name", "id", "enumerants": [NAME…]}…]}
//!
//! `reachable` is null without a main interface; `wanted_by` says which parameters take one.
std::string DescribeJson(const Schema& schema, std::optional<uint32_t> main);

} // namespace mpfuzz::schema
