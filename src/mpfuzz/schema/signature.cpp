#include <mpfuzz/schema/signature.h>

#include <algorithm>
#include <set>

namespace mpfuzz::schema {
namespace {

std::string FieldText(const Schema& schema, const Field& field)
{
    if (field.is_group) {
        const auto& members{schema.GetStruct(field.type.index).fields};
        const bool is_union{std::all_of(members.begin(), members.end(), [](const Field& f) { return f.in_union; })};
        const std::string text{FieldsText(schema, field.type.index)};
        // A named union is a group of nothing but a union: `(union (…))` says so twice.
        if (is_union && !members.empty()) return field.name + " :union " + text.substr(7, text.size() - 8);
        return field.name + " :group " + text;
    }
    return field.name + " :" + schema.TypeName(field.type) +
           (field.default_value.empty() ? "" : " = " + field.default_value);
}

//! The struct's fields where it is written inline, its name where it has one.
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

SpokenTypes FindSpokenTypes(const Schema& schema)
{
    std::set<uint32_t> structs, enums;
    for (const Interface& interface : schema.Interfaces()) {
        for (const Method& method : interface.methods) {
            Collect(schema, {Kind::STRUCT, method.params}, structs, enums);
            if (!method.streaming) Collect(schema, {Kind::STRUCT, method.results}, structs, enums);
        }
    }
    SpokenTypes spoken;
    for (const uint32_t index : structs) {
        const Struct& value{schema.GetStruct(index)};
        if (!value.is_group && !value.is_method_struct) spoken.structs.push_back(index);
    }
    spoken.enums.assign(enums.begin(), enums.end());
    return spoken;
}

} // namespace mpfuzz::schema
