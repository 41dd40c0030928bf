#include <mpfuzz/base/digest.h>
#include <mpfuzz/schema/convert.h>
#include <mpfuzz/schema/fingerprint.h>

#include <algorithm>
#include <string>

namespace mpfuzz::schema {
namespace {

//! Writes one line for each declaration; the hash is that of the sorted lines.
class Lines
{
public:
    Lines(const Declarations& declarations, const ::capnp::SchemaLoader& loader)
        : m_declarations{declarations}, m_loader{loader}
    {
    }

    void Add(const std::string& key, ::capnp::Schema schema)
    {
        m_line = key;
        Put(m_declarations.ScopedName(schema.getProto().getId()));
        PutAnnotations(schema.getProto().getAnnotations());
        const auto node{schema.getProto()};
        if (node.isStruct()) PutStruct(schema.asStruct());
        if (node.isEnum()) PutEnum(schema.asEnum());
        if (node.isInterface()) PutInterface(schema.asInterface());
        if (node.isConst()) {
            const auto type{schema.asConst().getType()};
            Put(TypeKey(m_declarations, type));
            Put(ValueText(node.getConst().getValue(), type));
        }
        m_lines.push_back(m_line);
    }

    uint64_t Hash()
    {
        std::sort(m_lines.begin(), m_lines.end());
        std::string text;
        for (const std::string& line : m_lines) text += std::to_string(line.size()) + " " + line + "\n";
        return base::Digest64(text);
    }

private:
    void PutStruct(::capnp::StructSchema schema)
    {
        for (const auto field : schema.getFields()) {
            const auto proto{field.getProto()};
            PutText(proto.getName());
            Put(TypeKey(m_declarations, field.getType()));
            Put(proto.getCodeOrder());
            Put(proto.getDiscriminantValue());
            Put(proto.isSlot() ? proto.getSlot().getOffset() : 0);
            Put(DefaultText(field));
            PutAnnotations(proto.getAnnotations());
        }
    }

    void PutEnum(::capnp::EnumSchema schema)
    {
        for (const auto enumerant : schema.getEnumerants()) PutText(enumerant.getProto().getName());
    }

    void PutInterface(::capnp::InterfaceSchema schema)
    {
        for (const auto superclass : schema.getSuperclasses()) Put(SchemaKey(m_declarations, superclass));
        for (const auto method : schema.getMethods()) {
            PutText(method.getProto().getName());
            Put(SchemaKey(m_declarations, method.getParamType()));
            Put(SchemaKey(m_declarations, method.getResultType()));
            PutAnnotations(method.getProto().getAnnotations());
        }
    }

    void PutAnnotations(::capnp::List<::capnp::schema::Annotation>::Reader annotations)
    {
        for (const Annotation& annotation : ToAnnotations(m_declarations, m_loader, annotations)) {
            Put(annotation.id);
            Put(annotation.value);
        }
    }

    void PutText(::capnp::Text::Reader text) { Put(std::string{text.begin(), text.size()}); }
    void Put(uint64_t number) { Put(std::to_string(number)); }
    // The length comes first, so that different lists of parts never give the same line.
    void Put(const std::string& part) { m_line += " " + std::to_string(part.size()) + ":" + part; }

    const Declarations& m_declarations;
    const ::capnp::SchemaLoader& m_loader;
    std::string m_line;
    std::vector<std::string> m_lines;
};

} // namespace

uint64_t Fingerprint(const Declarations& declarations, const ::capnp::SchemaLoader& loader,
                     const TypeCollector& collector, const std::vector<const Declaration*>& declared)
{
    Lines lines{declarations, loader};
    for (const auto& [key, schema] : collector.Found()) lines.Add(key, schema);
    for (const Declaration* declaration : declared) {
        if (declaration->schema.getProto().isConst()) lines.Add("const", declaration->schema);
    }
    return lines.Hash();
}

} // namespace mpfuzz::schema
