#include <mpfuzz/schema/flows.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace mpfuzz::schema {
namespace {

//! Maximum number of places in the parameters or results of one method. A guess: Cap'n Proto's own schema.capnp, with
//! many nested types, has some hundreds.
constexpr size_t MAX_PLACES{10'000};

struct Place {
    Type type;
    std::vector<PathStep> path;
    std::vector<uint32_t> structs; //!< structs around this place, including its own
    std::string_view field;        //!< name of the innermost field
};

//! All places in a struct, shortest paths first.
std::vector<Place> PlacesIn(const Schema& schema, uint32_t struct_index)
{
    std::vector<Place> places{{{Kind::STRUCT, struct_index}, {}, {struct_index}, {}}};
    const auto add{[&](size_t from, PathStep step, Type type, std::string_view field) {
        if (places.size() >= MAX_PLACES) return;
        Place place{type, places[from].path, places[from].structs, field};
        if (type.kind == Kind::STRUCT) {
            const bool seen{std::find(place.structs.begin(), place.structs.end(), type.index) != place.structs.end()};
            if (seen) return;
            place.structs.push_back(type.index);
        }
        place.path.push_back(step);
        places.push_back(std::move(place));
    }};
    for (size_t i{0}; i < places.size(); ++i) {
        const Type type{places[i].type};
        if (type.kind == Kind::LIST) {
            add(i, {PathStep::Kind::ELEMENT}, schema.Element(type), places[i].field);
        } else if (type.kind == Kind::STRUCT) {
            const auto& fields{schema.GetStruct(type.index).fields};
            for (uint32_t field{0}; field < fields.size(); ++field) {
                add(i, {PathStep::Kind::FIELD, field}, fields[field].type, fields[field].name);
            }
        }
    }
    return places;
}

enum class Side { RESULTS, PARAMS };

//! Calls `visit(place, occurrence)` for all places of all methods.
template<typename Visit>
void ForEachPlace(const Schema& schema, Side side, Visit visit)
{
    for (uint32_t interface{0}; interface < schema.Interfaces().size(); ++interface) {
        const auto& methods{schema.GetInterface(interface).methods};
        for (uint32_t method{0}; method < methods.size(); ++method) {
            const uint32_t root{side == Side::RESULTS ? methods[method].results : methods[method].params};
            for (Place& place : PlacesIn(schema, root)) {
                visit(place, Occurrence{{interface, method}, place.path});
            }
        }
    }
}

void SortShortestFirst(std::vector<Occurrence>& occurrences)
{
    std::sort(occurrences.begin(), occurrences.end(), [](const Occurrence& a, const Occurrence& b) {
        return a.path.size() != b.path.size() ? a.path.size() < b.path.size() : a < b;
    });
}

//! True for types whose values are useful as arguments of later calls.
bool IsData(const Schema& schema, Type type)
{
    while (type.kind == Kind::LIST) type = schema.Element(type);
    switch (type.kind) {
    case Kind::VOID:
    case Kind::STRUCT:
    case Kind::INTERFACE:
    case Kind::ANY_POINTER:
    case Kind::ANY_STRUCT:
    case Kind::ANY_LIST:
    case Kind::CAPABILITY: return false;
    default: return true;
    }
}

} // namespace

std::vector<std::vector<Occurrence>> FindProducers(const Schema& schema)
{
    std::vector<std::vector<Occurrence>> producers(schema.Interfaces().size());
    ForEachPlace(schema, Side::RESULTS, [&](const Place& place, const Occurrence& occurrence) {
        if (place.type.kind != Kind::INTERFACE) return;
        for (const uint32_t ancestor : schema.GetInterface(place.type.index).ancestors) {
            producers[ancestor].push_back(occurrence);
        }
    });
    for (auto& occurrences : producers) SortShortestFirst(occurrences);
    return producers;
}

std::vector<std::vector<Occurrence>> FindConsumers(const Schema& schema)
{
    std::vector<std::vector<Occurrence>> consumers(schema.Interfaces().size());
    ForEachPlace(schema, Side::PARAMS, [&](const Place& place, const Occurrence& occurrence) {
        if (place.type.kind != Kind::INTERFACE) return;
        for (uint32_t interface{0}; interface < consumers.size(); ++interface) {
            if (schema.Extends(interface, place.type.index)) consumers[interface].push_back(occurrence);
        }
    });
    for (auto& occurrences : consumers) SortShortestFirst(occurrences);
    return consumers;
}

std::vector<DataFlow> FindDataFlows(const Schema& schema)
{
    std::map<std::pair<Type, std::string>, DataFlow> flows;
    for (const Side side : {Side::RESULTS, Side::PARAMS}) {
        ForEachPlace(schema, side, [&](const Place& place, const Occurrence& occurrence) {
            if (!IsData(schema, place.type)) return;
            DataFlow& flow{flows[{place.type, std::string{place.field}}]};
            (side == Side::RESULTS ? flow.producers : flow.consumers).push_back(occurrence);
        });
    }
    std::vector<DataFlow> sorted;
    for (auto& [key, flow] : flows) {
        flow.type = key.first;
        flow.field = key.second;
        SortShortestFirst(flow.producers);
        SortShortestFirst(flow.consumers);
        sorted.push_back(std::move(flow));
    }
    return sorted;
}

} // namespace mpfuzz::schema
