#pragma once

#include <mpfuzz/schema/schema.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::schema {

//! Fields in schema language: `(hash :Data, height :Int32 = 5, union (a :Text, b :group (x :Int32)))`.
std::string FieldsText(const Schema& schema, uint32_t struct_index);

//! The texts before and after the arrow of a method: the fields of a struct that is written inline, the name of a
//! declared struct, or `stream`.
std::string ParamsText(const Schema& schema, const Method& method);
std::string ResultsText(const Schema& schema, const Method& method);

//! The declared structs and the enums that methods use, directly or inside other structs; in the order of the Schema.
struct UsedTypes {
    std::vector<uint32_t> structs;
    std::vector<uint32_t> enums;
};
UsedTypes FindUsedTypes(const Schema& schema);

//! Calls that lead from a main interface to a capability. The first call is on the main interface, each other call on a
//! capability that the call before it returned. Paths are in the results.
using Route = std::vector<Occurrence>;

//! For every interface, the route with the fewest calls from `main` to it, or to an interface that extends it. If
//! several routes have the same length, chooses the first in method order. The route is empty for `main` and its
//! ancestors, and nullopt if there is none. Cost: linear in the number of producers.
std::vector<std::optional<Route>> RoutesFrom(const Schema& schema, uint32_t main);

//! A path into a struct by field names, such as `result.items[].item`; empty for an empty path.
std::string PathText(const Schema& schema, uint32_t struct_index, const std::vector<PathStep>& path);

//! `Init.makeMining → result.createNewBlock → result`; empty for an empty route.
std::string RouteText(const Schema& schema, const Route& route);

} // namespace mpfuzz::schema
