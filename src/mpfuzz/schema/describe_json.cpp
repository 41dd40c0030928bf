#include <mpfuzz/schema/describe.h>
#include <mpfuzz/schema/notation.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace mpfuzz::schema {
namespace {

using Json = nlohmann::ordered_json;

std::string Hex(uint64_t number)
{
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
    return digits.data();
}

Json Place(const Schema& schema, const Occurrence& occurrence, uint32_t struct_index)
{
    return {{"method", schema.MethodName(occurrence.method)},
            {"path", PathText(schema, struct_index, occurrence.path)}};
}

Json MethodsJson(const Schema& schema, const Interface& interface)
{
    Json methods(Json::value_t::array);
    for (const Method& method : interface.methods) {
        methods.push_back({{"name", method.name},
                           {"ordinal", method.ordinal},
                           {"params", ParamsText(schema, method)},
                           {"results", ResultsText(schema, method)},
                           {"streaming", method.streaming}});
    }
    return methods;
}

Json InterfaceJson(const Schema& schema, uint32_t index, const std::vector<std::optional<Route>>& routes)
{
    const Interface& interface = schema.GetInterface(index);
    Json extends(Json::value_t::array), route(Json::value_t::array), wanted_by(Json::value_t::array);
    for (const uint32_t superclass : interface.superclasses) extends.push_back(schema.GetInterface(superclass).name);
    if (!routes.empty() && routes[index]) {
        for (const Occurrence& call : *routes[index]) {
            route.push_back(Place(schema, call, schema.GetMethod(call.method).results));
        }
    }
    for (const Occurrence& consumer : schema.Consumers(index)) {
        wanted_by.push_back(Place(schema, consumer, schema.GetMethod(consumer.method).params));
    }
    return {{"name", interface.name},
            {"id", "0x" + Hex(interface.id)},
            {"extends", extends},
            {"reachable", routes.empty() ? Json{} : Json(routes[index].has_value())},
            {"route", route},
            {"wanted_by", wanted_by},
            {"methods", MethodsJson(schema, interface)}};
}

} // namespace

std::string DescribeJson(const Schema& schema, std::optional<uint32_t> main)
{
    const auto routes{main ? RoutesFrom(schema, *main) : std::vector<std::optional<Route>>{}};
    Json interfaces(Json::value_t::array), structs(Json::value_t::array), enums(Json::value_t::array);
    for (uint32_t i{0}; i < schema.Interfaces().size(); ++i) interfaces.push_back(InterfaceJson(schema, i, routes));
    const UsedTypes used{FindUsedTypes(schema)};
    for (const uint32_t index : used.structs) {
        const Struct& value{schema.GetStruct(index)};
        structs.push_back({{"name", value.name}, {"id", "0x" + Hex(value.id)}, {"fields", FieldsText(schema, index)}});
    }
    for (const uint32_t index : used.enums) {
        const Enum& value{schema.Enums()[index]};
        enums.push_back({{"name", value.name}, {"id", "0x" + Hex(value.id)}, {"enumerants", value.enumerants}});
    }
    const Json description{{"hash", Hex(schema.Hash())},
                           {"main", main ? Json(schema.GetInterface(*main).name) : Json{}},
                           {"interfaces", interfaces},
                           {"structs", structs},
                           {"enums", enums}};
    // Names come from files. Without `replace`, the library throws an exception if they are not UTF-8.
    return description.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace mpfuzz::schema
