#include <mpfuzz/schema/describe.h>
#include <mpfuzz/schema/notation.h>

#include <algorithm>
#include <vector>

namespace mpfuzz::schema {
namespace {

constexpr size_t WIDTH{100};
constexpr size_t INDENT{2};

struct Line {
    std::string label;
    std::string left;
    std::string right; //!< after an arrow, or empty. It gets its own line if one line is too short for both
};

//! Breaks a long text after commas that are not inside inner parentheses.
std::string Wrap(const std::string& text, size_t indent)
{
    std::string out;
    size_t column{indent};
    for (size_t start{0}, end{0}; start < text.size(); start = end) {
        for (int depth{0}; end < text.size(); ++end) {
            if (text[end] == '(') ++depth;
            if (text[end] == ')') --depth;
            if (text[end] == ',' && depth <= (start == 0 ? 1 : 0)) break;
        }
        if (end < text.size()) ++end;
        std::string part{text.substr(start, end - start)};
        if (column + part.size() > WIDTH && column > indent) {
            part.erase(0, 1); // the space after the comma
            out += "\n" + std::string(indent, ' ');
            column = indent;
        }
        out += part;
        column += part.size();
    }
    return out;
}

std::string Table(const std::vector<Line>& lines)
{
    size_t label_width{0};
    for (const Line& line : lines) label_width = std::max(label_width, line.label.size());
    // One very long name must not move all columns to the right.
    label_width = std::min<size_t>(label_width, 32);
    const size_t indent{INDENT + label_width + 2};
    std::string out;
    for (const Line& line : lines) {
        const size_t padding{line.label.size() < label_width ? label_width - line.label.size() : 0};
        out += std::string(INDENT, ' ') + line.label + std::string(padding + 2, ' ') + Wrap(line.left, indent);
        if (!line.right.empty()) {
            const bool fits{indent + line.left.size() + 4 + line.right.size() <= WIDTH};
            out += fits ? " -> " : "\n" + std::string(indent, ' ') + "-> ";
            out += Wrap(line.right, indent + 3);
        }
        out += "\n";
    }
    return out;
}

std::string Heading(const Schema& schema, const Interface& interface)
{
    std::string text{interface.name};
    std::string separator{" extends("};
    for (const uint32_t superclass : interface.superclasses) {
        text += separator + schema.GetInterface(superclass).name;
        separator = ", ";
    }
    return interface.superclasses.empty() ? text : text + ")";
}

//! Names a parameter that takes such a capability. For interfaces that no method returns.
std::string WantedBy(const Schema& schema, uint32_t interface)
{
    const auto& consumers{schema.Consumers(interface)};
    if (consumers.empty()) return "";
    const Occurrence& first{consumers.front()};
    return "serve one: " + schema.MethodName(first.method) + " takes it as `" +
           PathText(schema, schema.GetMethod(first.method).params, first.path) + "`";
}

std::string WayTo(const Schema& schema, uint32_t interface, std::optional<uint32_t> main,
                  const std::vector<std::optional<Route>>& routes)
{
    if (interface == main) return "the main interface";
    const std::string wanted{WantedBy(schema, interface)};
    if (main) {
        if (routes[interface] && routes[interface]->empty()) return "the main interface extends it";
        if (routes[interface]) return RouteText(schema, *routes[interface]);
        return "unreachable from " + schema.GetInterface(*main).name + (wanted.empty() ? "" : "; " + wanted);
    }
    if (!schema.Producers(interface).empty()) return RouteText(schema, {schema.Producers(interface).front()});
    return "no method returns it" + (wanted.empty() ? "" : "; " + wanted);
}

} // namespace

std::string Describe(const Schema& schema, std::optional<uint32_t> main)
{
    const auto routes{main ? RoutesFrom(schema, *main) : std::vector<std::optional<Route>>{}};
    std::string out;
    for (uint32_t i{0}; i < schema.Interfaces().size(); ++i) {
        const Interface& interface = schema.GetInterface(i);
        out += (out.empty() ? "" : "\n") + Heading(schema, interface) + ": " + WayTo(schema, i, main, routes) + "\n";
        std::vector<Line> lines;
        for (const Method& method : interface.methods) {
            lines.push_back({method.name, ParamsText(schema, method), ResultsText(schema, method)});
        }
        out += Table(lines);
    }
    const UsedTypes used{FindUsedTypes(schema)};
    std::vector<Line> structs, enums;
    for (const uint32_t index : used.structs) {
        structs.push_back({schema.GetStruct(index).name, FieldsText(schema, index), ""});
    }
    for (const uint32_t index : used.enums) {
        std::string names;
        for (const std::string& name : schema.Enums()[index].enumerants) names += (names.empty() ? "" : ", ") + name;
        enums.push_back({schema.Enums()[index].name, "(" + names + ")", ""});
    }
    if (!structs.empty()) out += "\nStructs\n" + Table(structs);
    if (!enums.empty()) out += "\nEnums\n" + Table(enums);
    return out;
}

} // namespace mpfuzz::schema
