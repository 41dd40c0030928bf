#include <mpfuzz/schema/reach.h>

#include <kj/debug.h>

namespace mpfuzz::schema {

void Reach::Add(::capnp::Schema schema)
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

std::string Reach::KeyOf(::capnp::Schema schema) const
{
    std::string key{SchemaKey(m_declarations, schema)};
    return m_found.contains(key) ? key : SchemaKey(m_declarations, schema.getGeneric());
}

void Reach::Note(::capnp::Type type)
{
    while (type.isList()) type = type.asList().getElementType();
    if (type.isStruct()) Note(type.asStruct());
    if (type.isInterface()) Note(type.asInterface());
    if (type.isEnum()) Note(type.asEnum());
}

void Reach::Note(::capnp::Schema schema)
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

void Reach::NoteContent(::capnp::Schema schema)
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
