#include <mpfuzz/schema/bindings.h>

#include <kj/debug.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace mpfuzz::schema {
namespace {

unsigned Depth(const Declarations& declarations, ::capnp::Type type);

unsigned Depth(const Declarations& declarations, ::capnp::Schema schema)
{
    unsigned depth{0};
    for (const BoundScope& scope : BoundScopes(declarations, schema)) {
        for (const auto& argument : scope.arguments) depth = std::max(depth, 1 + Depth(declarations, argument));
    }
    return depth;
}

unsigned Depth(const Declarations& declarations, ::capnp::Type type)
{
    unsigned lists{0};
    for (; type.isList(); type = type.asList().getElementType()) ++lists;
    if (type.isStruct()) return lists + Depth(declarations, type.asStruct());
    if (type.isInterface()) return lists + Depth(declarations, type.asInterface());
    return lists;
}

std::string Hex(uint64_t id)
{
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(id));
    return digits.data();
}

} // namespace

bool IsUnbound(::capnp::Type type)
{
    return type.isAnyPointer() &&
           type.whichAnyPointerKind() == ::capnp::schema::Type::AnyPointer::Unconstrained::ANY_KIND;
}

std::vector<BoundScope> BoundScopes(const Declarations& declarations, ::capnp::Schema schema)
{
    std::vector<BoundScope> scopes;
    const auto node{schema.getProto()};
    for (const Declaration* declaration : declarations.Chain(node.getId())) {
        BoundScope scope{.declaration = declaration, .arguments = {}};
        const auto parameters{declaration->schema.getProto().getParameters().size()};
        if (parameters > 0 && node.getIsGeneric() && !node.isEnum()) {
            const auto bound{schema.getBrandArgumentsAtScope(declaration->id)};
            for (unsigned i{0}; i < parameters; ++i) scope.arguments.push_back(bound[i]);
            if (std::all_of(scope.arguments.begin(), scope.arguments.end(), IsUnbound)) scope.arguments.clear();
        }
        scopes.push_back(std::move(scope));
    }
    return scopes;
}

::capnp::Schema Bounded(const Declarations& declarations, ::capnp::Schema schema)
{
    return Depth(declarations, schema) > MAX_BINDING_DEPTH ? schema.getGeneric() : schema;
}

std::string SchemaKey(const Declarations& declarations, ::capnp::Schema schema)
{
    const auto bounded{Bounded(declarations, schema)};
    std::string key{Hex(bounded.getProto().getId())};
    for (const BoundScope& scope : BoundScopes(declarations, bounded)) {
        if (scope.arguments.empty()) continue;
        key += "(" + Hex(scope.declaration->id);
        for (const auto& argument : scope.arguments) key += "," + TypeKey(declarations, argument);
        key += ")";
    }
    return key;
}

std::string TypeKey(const Declarations& declarations, ::capnp::Type type)
{
    if (type.isList()) return "L" + TypeKey(declarations, type.asList().getElementType());
    if (type.isStruct()) return SchemaKey(declarations, type.asStruct());
    if (type.isInterface()) return SchemaKey(declarations, type.asInterface());
    if (type.isEnum()) return SchemaKey(declarations, type.asEnum());
    if (!type.isAnyPointer()) return "t" + std::to_string(static_cast<unsigned>(type.which()));
    return "a" + std::to_string(static_cast<unsigned>(type.whichAnyPointerKind()));
}

void TypeCollector::Add(::capnp::Schema schema)
{
    const auto node{schema.getProto()};
    if (node.isConst()) {
        m_ids.insert(node.getId());
        Note(schema.asConst().getType());
    } else {
        Note(schema);
    }
    while (!m_pending.empty()) {
        const auto next{m_pending.front()};
        m_pending.pop_front();
        NoteContent(next);
    }
}

std::string TypeCollector::KeyOf(::capnp::Schema schema) const
{
    std::string key{SchemaKey(m_declarations, schema)};
    return m_found.contains(key) ? key : SchemaKey(m_declarations, schema.getGeneric());
}

void TypeCollector::Note(::capnp::Type type)
{
    while (type.isList()) type = type.asList().getElementType();
    if (type.isStruct()) Note(type.asStruct());
    if (type.isInterface()) Note(type.asInterface());
    if (type.isEnum()) Note(type.asEnum());
}

void TypeCollector::Note(::capnp::Schema schema)
{
    const auto node{schema.getProto()};
    if (!node.isStruct() && !node.isInterface() && !node.isEnum()) return;
    KJ_REQUIRE(m_declarations.Find(node.getId()), "a type is used whose declaration is missing", kj::hex(node.getId()));
    auto bounded{Bounded(m_declarations, schema)};
    std::string key{SchemaKey(m_declarations, bounded)};
    if (m_found.contains(key)) return;
    const bool is_bound{key.find('(') != std::string::npos};
    if (is_bound && ++m_bindings[node.getId()] > MAX_BINDINGS) {
        bounded = schema.getGeneric();
        key = SchemaKey(m_declarations, bounded);
    }
    if (!m_found.emplace(std::move(key), bounded).second) return;
    m_ids.insert(node.getId());
    m_pending.push_back(bounded);
}

void TypeCollector::NoteContent(::capnp::Schema schema)
{
    for (const BoundScope& scope : BoundScopes(m_declarations, schema)) {
        for (const auto& argument : scope.arguments) Note(argument);
    }
    const auto node{schema.getProto()};
    if (node.isStruct()) {
        for (const auto field : schema.asStruct().getFields()) Note(field.getType());
    } else if (node.isInterface()) {
        for (const auto superclass : schema.asInterface().getSuperclasses()) Note(superclass);
        for (const auto method : schema.asInterface().getMethods()) {
            Note(method.getParamType());
            Note(method.getResultType());
        }
    }
}

} // namespace mpfuzz::schema
