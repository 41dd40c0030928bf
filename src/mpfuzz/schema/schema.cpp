#include <mpfuzz/schema/schema.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/schema/builtin_types.h>

#include <algorithm>
#include <limits>

namespace mpfuzz::schema {
namespace {

//! True if a text matches a glob. `*` matches any number of characters, `?` matches one.
bool MatchesGlob(std::string_view glob, std::string_view text)
{
    size_t g{0}, t{0}, star{std::string_view::npos}, resume{0};
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            resume = t;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

//! A method name without bindings: `Store(Text).put` → `Store.put`.
std::string WithoutBindings(std::string_view name)
{
    std::string bare;
    int depth{0};
    for (const char c : name) {
        if (c == '(') ++depth;
        if (depth == 0) bare += c;
        if (c == ')') --depth;
    }
    return bare;
}

} // namespace

Schema::Schema() = default;
Schema::~Schema() = default;

std::optional<uint32_t> Struct::FindField(std::string_view field_name) const
{
    for (uint32_t i{0}; i < fields.size(); ++i) {
        if (fields[i].name == field_name) return i;
    }
    return std::nullopt;
}

bool Struct::HasUnion() const
{
    return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.in_union; });
}

std::optional<Type> Schema::FindList(Type element) const
{
    const auto found{std::find(m_elements.begin(), m_elements.end(), element)};
    if (found == m_elements.end()) return std::nullopt;
    return Type{Kind::LIST, static_cast<uint32_t>(found - m_elements.begin())};
}

std::optional<Type> Schema::FindType(std::string_view name) const
{
    const auto found{
        std::ranges::lower_bound(m_types_by_name, name, std::less<>{}, &std::pair<std::string, Type>::first)};
    if (found == m_types_by_name.end() || found->first != name) return std::nullopt;
    return found->second;
}

std::optional<uint32_t> Schema::FindInterface(std::string_view name) const
{
    const auto type{FindType(name)};
    return type && type->kind == Kind::INTERFACE ? std::optional{type->index} : std::nullopt;
}

std::optional<uint32_t> Schema::FindStruct(std::string_view name) const
{
    const auto type{FindType(name)};
    return type && type->kind == Kind::STRUCT ? std::optional{type->index} : std::nullopt;
}

std::optional<MethodRef> Schema::FindMethod(uint32_t interface, std::string_view method_name) const
{
    for (const MethodRef ref : GetInterface(interface).all_methods) {
        if (GetMethod(ref).name == method_name) return ref;
    }
    return std::nullopt;
}

bool Schema::Extends(uint32_t derived, uint32_t base) const
{
    const auto& ancestors{GetInterface(derived).ancestors};
    return std::binary_search(ancestors.begin(), ancestors.end(), base);
}

std::string Schema::TypeName(Type type) const
{
    switch (type.kind) {
    case Kind::LIST: return std::string{LIST_NAME} + "(" + TypeName(Element(type)) + ")";
    case Kind::ENUM: return m_enums.at(type.index).name;
    case Kind::STRUCT: return m_structs.at(type.index).name;
    case Kind::INTERFACE: return m_interfaces.at(type.index).name;
    default: break;
    }
    const auto found{std::find_if(BUILTIN_TYPES.begin(), BUILTIN_TYPES.end(),
                                  [&](const auto& builtin) { return builtin.first == type.kind; })};
    CHECK(found != BUILTIN_TYPES.end(), static_cast<int>(type.kind));
    return std::string{found->second};
}

std::optional<Type> Schema::ParseTypeName(std::string_view name) const
{
    size_t lists{0};
    while (name.starts_with(LIST_NAME) && name.substr(LIST_NAME.size()).starts_with('(') && name.ends_with(')')) {
        name.remove_prefix(LIST_NAME.size() + 1);
        name.remove_suffix(1);
        ++lists;
    }
    std::optional<Type> type;
    for (const auto& [kind, builtin] : BUILTIN_TYPES) {
        if (name == builtin) type = Type{kind};
    }
    if (const auto declared{FindType(name)}) type = declared;
    for (; type && lists > 0; --lists) type = FindList(*type);
    return type;
}

std::string Schema::MethodName(MethodRef ref) const
{
    return GetInterface(ref.interface).name + "." + GetMethod(ref).name;
}

std::vector<MethodRef> Schema::MatchMethods(std::string_view glob) const
{
    std::vector<MethodRef> matches;
    for (uint32_t interface{0}; interface < m_interfaces.size(); ++interface) {
        for (uint32_t method{0}; method < m_interfaces[interface].methods.size(); ++method) {
            const MethodRef ref{interface, method};
            const std::string name{MethodName(ref)};
            if (MatchesGlob(glob, name) || MatchesGlob(glob, WithoutBindings(name))) matches.push_back(ref);
        }
    }
    return matches;
}

bool IsPointer(Kind kind)
{
    switch (kind) {
    case Kind::TEXT:
    case Kind::DATA:
    case Kind::LIST:
    case Kind::STRUCT:
    case Kind::INTERFACE:
    case Kind::ANY_POINTER:
    case Kind::ANY_STRUCT:
    case Kind::ANY_LIST:
    case Kind::CAPABILITY: return true;
    default: return false;
    }
}

bool IsInteger(Kind kind) { return kind >= Kind::INT8 && kind <= Kind::UINT64; }

int64_t MinInteger(Kind kind)
{
    CHECK(IsInteger(kind), static_cast<int>(kind));
    switch (kind) {
    case Kind::INT8: return std::numeric_limits<int8_t>::min();
    case Kind::INT16: return std::numeric_limits<int16_t>::min();
    case Kind::INT32: return std::numeric_limits<int32_t>::min();
    case Kind::INT64: return std::numeric_limits<int64_t>::min();
    default: return 0;
    }
}

uint64_t MaxInteger(Kind kind)
{
    CHECK(IsInteger(kind), static_cast<int>(kind));
    switch (kind) {
    case Kind::INT8: return std::numeric_limits<int8_t>::max();
    case Kind::INT16: return std::numeric_limits<int16_t>::max();
    case Kind::INT32: return std::numeric_limits<int32_t>::max();
    case Kind::INT64: return std::numeric_limits<int64_t>::max();
    case Kind::UINT8: return std::numeric_limits<uint8_t>::max();
    case Kind::UINT16: return std::numeric_limits<uint16_t>::max();
    case Kind::UINT32: return std::numeric_limits<uint32_t>::max();
    default: return std::numeric_limits<uint64_t>::max();
    }
}

} // namespace mpfuzz::schema
