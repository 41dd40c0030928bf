#include <mpfuzz/schema/notation.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

namespace mpfuzz::schema {
namespace {

std::string FieldText(const Schema& schema, const Field& field)
{
    if (field.is_group) {
        const auto& members{schema.GetStruct(field.type.index).fields};
        const bool is_union{std::all_of(members.begin(), members.end(), [](const Field& f) { return f.in_union; })};
        const std::string text{FieldsText(schema, field.type.index)};
        // A named union is stored as a group that contains only a union. Print it without the inner `union (` and `)`.
        if (is_union && !members.empty()) return field.name + " :union " + text.substr(7, text.size() - 8);
        return field.name + " :group " + text;
    }
    return field.name + " :" + schema.TypeName(field.type) +
           (field.default_value.empty() ? "" : " = " + field.default_value);
}

//! The fields of a struct if it is written inline at a method, otherwise its name.
std::string StructText(const Schema& schema, uint32_t index)
{
    const Struct& value{schema.GetStruct(index)};
    return value.is_method_struct ? FieldsText(schema, index) : value.name;
}

void Collect(const Schema& schema, Type type, std::set<uint32_t>& structs, std::set<uint32_t>& enums)
{
    while (type.kind == Kind::LIST) type = schema.Element(type);
    if (type.kind == Kind::ENUM) enums.insert(type.index);
    if (type.kind != Kind::STRUCT || !structs.insert(type.index).second) return;
    for (const Field& field : schema.GetStruct(type.index).fields) Collect(schema, field.type, structs, enums);
}

} // namespace

std::string FieldsText(const Schema& schema, uint32_t struct_index)
{
    std::string plain, branches;
    for (const Field& field : schema.GetStruct(struct_index).fields) {
        std::string& list{field.in_union ? branches : plain};
        list += (list.empty() ? "" : ", ") + FieldText(schema, field);
    }
    if (!branches.empty()) plain += (plain.empty() ? "union (" : ", union (") + branches + ")";
    return "(" + plain + ")";
}

std::string ParamsText(const Schema& schema, const Method& method) { return StructText(schema, method.params); }

std::string ResultsText(const Schema& schema, const Method& method)
{
    return method.streaming ? "stream" : StructText(schema, method.results);
}

UsedTypes FindUsedTypes(const Schema& schema)
{
    std::set<uint32_t> structs, enums;
    for (const Interface& interface : schema.Interfaces()) {
        for (const Method& method : interface.methods) {
            Collect(schema, {Kind::STRUCT, method.params}, structs, enums);
            if (!method.streaming) Collect(schema, {Kind::STRUCT, method.results}, structs, enums);
        }
    }
    UsedTypes used;
    for (const uint32_t index : structs) {
        const Struct& value{schema.GetStruct(index)};
        if (!value.is_group && !value.is_method_struct) used.structs.push_back(index);
    }
    used.enums.assign(enums.begin(), enums.end());
    return used;
}

std::vector<std::optional<Route>> RoutesFrom(const Schema& schema, uint32_t main)
{
    const auto count{static_cast<uint32_t>(schema.Interfaces().size())};
    std::map<MethodRef, std::vector<std::pair<uint32_t, const Occurrence*>>> returned;
    for (uint32_t interface{0}; interface < count; ++interface) {
        for (const Occurrence& producer : schema.Producers(interface)) {
            returned[producer.method].emplace_back(interface, &producer);
        }
    }
    std::vector<std::optional<Route>> routes(count);
    std::deque<uint32_t> pending{main};
    for (const uint32_t ancestor : schema.GetInterface(main).ancestors) routes[ancestor] = Route{};
    while (!pending.empty()) {
        const uint32_t held{pending.front()};
        pending.pop_front();
        for (const MethodRef method : schema.GetInterface(held).all_methods) {
            for (const auto& [interface, producer] : returned[method]) {
                if (routes[interface]) continue;
                routes[interface] = routes[held];
                routes[interface]->push_back(*producer);
                pending.push_back(interface);
            }
        }
    }
    return routes;
}

std::string PathText(const Schema& schema, uint32_t struct_index, const std::vector<PathStep>& path)
{
    std::string text;
    Type at{Kind::STRUCT, struct_index};
    for (const PathStep& step : path) {
        if (step.kind == PathStep::Kind::ELEMENT) {
            text += "[]";
            at = schema.Element(at);
        } else {
            const Field& field{schema.GetStruct(at.index).fields.at(step.field)};
            text += (text.empty() ? "" : ".") + field.name;
            at = field.type;
        }
    }
    return text;
}

std::string RouteText(const Schema& schema, const Route& route)
{
    std::string text;
    for (const Occurrence& call : route) {
        const Method& method{schema.GetMethod(call.method)};
        text += text.empty() ? schema.MethodName(call.method) : "." + method.name;
        text += " → " + PathText(schema, method.results, call.path);
    }
    return text;
}

} // namespace mpfuzz::schema
