#pragma once

#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <optional>
#include <string>

namespace mpfuzz::schema {

//! Describes for people which methods a client can call, and how it gets the objects. Lists every interface with its
//! methods in schema language, and the shortest route to it from the main interface; then the structs and enums that
//! the methods use. Lines have at most 100 columns, unless a name is too long.
//!
//! @param main  Index of the main interface. If there is none, the text names one producer instead of the route.
std::string Describe(const Schema& schema, std::optional<uint32_t> main);

//! Describes the same as a JSON object:
//!
//!     {"hash": "16 hex digits", "main": NAME or null,
//!      "interfaces": [{"name", "id": "0x…", "extends": [NAME…], "reachable": bool or null,
//!                      "route": [{"method": "Init.makeMining", "path": "result"}…],
//!                      "wanted_by": [{"method", "path"}…],
//!                      "methods": [{"name", "ordinal", "params", "results", "streaming"}…]}…],
//!      "structs": [{"name", "id", "fields": "(…)"}…], "enums": [{"name", "id", "enumerants": [NAME…]}…]}
//!
//! `reachable` is null if there is no main interface. `wanted_by` lists the parameters that take such a capability.
std::string DescribeJson(const Schema& schema, std::optional<uint32_t> main);

} // namespace mpfuzz::schema
