#include <mpfuzz/schema/catalogue.h>
#include <mpfuzz/schema/convert.h>
#include <mpfuzz/schema/fingerprint.h>
#include <mpfuzz/schema/flows.h>

#include <capnp/rpc.capnp.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace mpfuzz::schema {
namespace {

std::string Text(::capnp::Text::Reader text) { return {text.begin(), text.size()}; }

//! Adds an interface and all interfaces that it extends, depth first, each once.
void CollectAncestors(const std::vector<Interface>& interfaces, uint32_t index, std::vector<uint32_t>& ancestors)
{
    if (std::find(ancestors.begin(), ancestors.end(), index) != ancestors.end()) return;
    ancestors.push_back(index);
    for (const uint32_t superclass : interfaces[index].superclasses)
        CollectAncestors(interfaces, superclass, ancestors);
}

} // namespace

Cataloguer::Cataloguer(std::shared_ptr<::capnp::SchemaLoader> loader, std::vector<uint64_t> files)
    : m_loader{std::move(loader)}, m_declarations{*m_loader}, m_declared{m_declarations.InFiles(files)},
      m_collector{m_declarations}, m_schema{new Schema}
{
}

std::shared_ptr<const Schema> Cataloguer::Run()
{
    FindAll();
    Number();
    for (const auto schema : m_order) {
        const auto node{schema.getProto()};
        if (node.isStruct()) AddStruct(schema.asStruct());
        if (node.isEnum()) AddEnum(schema.asEnum());
        if (node.isInterface()) AddInterface(schema.asInterface());
    }
    AddConstants();
    NameTypes();
    Inherit();
    m_schema->m_rpc_message = IndexOf(m_loader->get(::capnp::typeId<::capnp::rpc::Message>()));
    m_schema->m_producers = FindProducers(*m_schema);
    m_schema->m_consumers = FindConsumers(*m_schema);
    m_schema->m_data_flows = FindDataFlows(*m_schema);
    m_schema->m_hash = Fingerprint(m_declarations, *m_loader, m_collector, m_declared);
    m_schema->m_loader = m_loader.get();
    m_schema->m_owner = m_loader;
    return std::move(m_schema);
}

void Cataloguer::FindAll()
{
    for (const Declaration* declaration : m_declared) m_collector.Add(declaration->schema);
    const std::set<uint64_t> wanted{m_collector.Ids()};
    m_collector.Add(m_loader->get(::capnp::typeId<::capnp::rpc::Message>()));
    std::set_difference(m_collector.Ids().begin(), m_collector.Ids().end(), wanted.begin(), wanted.end(),
                        std::inserter(m_builtin, m_builtin.end()));
    m_names.emplace(m_declarations, m_collector.Ids(), m_builtin);
}

void Cataloguer::Number()
{
    std::map<std::tuple<bool, uint32_t, std::string>, ::capnp::Schema> sorted;
    for (const auto& [key, schema] : m_collector.Found()) {
        const uint64_t id{schema.getProto().getId()};
        sorted.emplace(std::tuple{m_builtin.contains(id), m_declarations.Find(id)->rank, key}, schema);
    }
    std::map<::capnp::schema::Node::Which, uint32_t> next;
    for (const auto& [place, schema] : sorted) {
        m_order.push_back(schema);
        m_indices[std::get<std::string>(place)] = next[schema.getProto().which()]++;
    }
}

void Cataloguer::AddStruct(::capnp::StructSchema schema)
{
    const auto node{schema.getProto()};
    Struct result;
    result.id = node.getId();
    result.name = m_names->Of(schema);
    result.is_group = node.getStruct().getIsGroup();
    result.is_method_struct = m_declarations.Find(node.getId())->is_method_struct;
    result.annotations = ToAnnotations(m_declarations, *m_loader, node.getAnnotations());
    std::vector<::capnp::StructSchema::Field> fields;
    for (const auto field : schema.getFields()) fields.push_back(field);
    std::sort(fields.begin(), fields.end(),
              [](const auto& a, const auto& b) { return a.getProto().getCodeOrder() < b.getProto().getCodeOrder(); });
    for (const auto& field : fields) result.fields.push_back(ToField(field));
    m_schema->m_structs.push_back(std::move(result));
}

Field Cataloguer::ToField(::capnp::StructSchema::Field field)
{
    const auto proto{field.getProto()};
    Field result;
    result.name = Text(proto.getName());
    result.type = ToType(field.getType());
    result.is_group = proto.isGroup();
    result.in_union = proto.getDiscriminantValue() != ::capnp::schema::Field::NO_DISCRIMINANT;
    result.default_value = DefaultText(field);
    result.annotations = ToAnnotations(m_declarations, *m_loader, proto.getAnnotations());
    return result;
}

void Cataloguer::AddEnum(::capnp::EnumSchema schema)
{
    Enum result{.id = schema.getProto().getId(), .name = m_names->Of(schema), .enumerants = {}};
    for (const auto enumerant : schema.getEnumerants()) {
        result.enumerants.push_back(Text(enumerant.getProto().getName()));
    }
    m_schema->m_enums.push_back(std::move(result));
}

void Cataloguer::AddInterface(::capnp::InterfaceSchema schema)
{
    Interface result;
    result.id = schema.getProto().getId();
    result.name = m_names->Of(schema);
    result.annotations = ToAnnotations(m_declarations, *m_loader, schema.getProto().getAnnotations());
    for (const auto superclass : schema.getSuperclasses()) result.superclasses.push_back(IndexOf(superclass));
    for (const auto method : schema.getMethods()) {
        const auto proto{method.getProto()};
        result.methods.push_back({.name = Text(proto.getName()),
                                  .ordinal = method.getOrdinal(),
                                  .params = IndexOf(method.getParamType()),
                                  .results = IndexOf(method.getResultType()),
                                  .streaming = method.isStreaming(),
                                  .annotations = ToAnnotations(m_declarations, *m_loader, proto.getAnnotations())});
    }
    m_schema->m_interfaces.push_back(std::move(result));
}

void Cataloguer::AddConstants()
{
    for (const Declaration* declaration : m_declared) {
        const auto node{declaration->schema.getProto()};
        if (!node.isConst()) continue;
        const auto type{declaration->schema.asConst().getType()};
        m_schema->m_constants.push_back({.name = m_names->Of(declaration->schema),
                                         .type = ToType(type),
                                         .value = ValueText(node.getConst().getValue(), type)});
    }
}

void Cataloguer::NameTypes()
{
    auto& names{m_schema->m_types_by_name};
    const auto add{[&](Kind kind, const auto& list) {
        for (uint32_t i{0}; i < list.size(); ++i) names.emplace_back(list[i].name, Type{kind, i});
    }};
    add(Kind::STRUCT, m_schema->m_structs);
    add(Kind::ENUM, m_schema->m_enums);
    add(Kind::INTERFACE, m_schema->m_interfaces);
    std::sort(names.begin(), names.end());
}

void Cataloguer::Inherit()
{
    auto& interfaces{m_schema->m_interfaces};
    for (uint32_t i{0}; i < interfaces.size(); ++i) {
        std::vector<uint32_t> ancestors;
        CollectAncestors(interfaces, i, ancestors);
        for (const uint32_t ancestor : ancestors) {
            for (uint32_t method{0}; method < interfaces[ancestor].methods.size(); ++method) {
                interfaces[i].all_methods.push_back({ancestor, method});
            }
        }
        std::sort(ancestors.begin(), ancestors.end());
        interfaces[i].ancestors = std::move(ancestors);
    }
}

Type Cataloguer::ToType(::capnp::Type type)
{
    if (type.isStruct()) return {Kind::STRUCT, IndexOf(type.asStruct())};
    if (type.isInterface()) return {Kind::INTERFACE, IndexOf(type.asInterface())};
    if (type.isEnum()) return {Kind::ENUM, IndexOf(type.asEnum())};
    if (!type.isList()) return {PlainKind(type)};
    const Type element{ToType(type.asList().getElementType())};
    if (const auto known{m_schema->FindList(element)}) return *known;
    m_schema->m_elements.push_back(element);
    return {Kind::LIST, static_cast<uint32_t>(m_schema->m_elements.size() - 1)};
}

} // namespace mpfuzz::schema
