#include <mpfuzz/schema/bindings.h>

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

} // namespace mpfuzz::schema
