#include <mpfuzz/schema/routes.h>

#include <deque>
#include <map>
#include <utility>

namespace mpfuzz::schema {

std::vector<std::optional<Route>> RoutesFrom(const Schema& schema, uint32_t main)
{
    const auto count{static_cast<uint32_t>(schema.Interfaces().size())};
    std::map<MethodRef, std::vector<std::pair<uint32_t, const Occurrence*>>> statistics;
    for (uint32_t interface{0}; interface < count; ++interface) {
        for (const Occurrence& producer : schema.Producers(interface)) {
            statistics[producer.method].emplace_back(interface, &producer);
        }
    }
    std::vector<std::optional<Route>> routes(count);
    std::deque<uint32_t> pending{main};
    for (const uint32_t ancestor : schema.GetInterface(main).ancestors) routes[ancestor] = Route{};
    while (!pending.empty()) {
        const uint32_t held{pending.front()};
        pending.pop_front();
        for (const MethodRef method : schema.GetInterface(held).all_methods) {
            for (const auto& [interface, producer] : statistics[method]) {
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
