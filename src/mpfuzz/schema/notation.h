#pragma once

#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <optional>
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

//! Calls that lead from a main interface to a capability: each is made on what the one before it returned,
//! the first on the main interface itself. Paths lead into the results.
using Route = std::vector<Occurrence>;

//! For every interface the shortest route to it (or to one that extends it) from `main`: fewest calls, then
//! method order. Empty route for `main` and its ancestors; nothing for what no method that can be
//! reached returns. Cost: linear in the number of producers.
std::vector<std::optional<Route>> RoutesFrom(const Schema& schema, uint32_t main);

//! A path into a struct by field names, such as `result.items[].item`; empty for an empty path.
std::string PathText(const Schema& schema, uint32_t struct_index, const std::vector<PathStep>& path);

//! `Init.makeMining → result.createNewBlock → result`; empty for an empty route.
std::string RouteText(const Schema& schema, const Route& route);

} // namespace mpfuzz::schema
