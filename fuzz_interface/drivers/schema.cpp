#include <fuzz_interface/drivers/schema.h>

#include <mpfuzz/base/check.h>

#include <fuzz.capnp.h>

#include <algorithm>

namespace mpfuzz::fuzz_interface {
namespace {

void Collect(capnp::StructSchema schema, std::vector<capnp::InterfaceSchema>& found);

void Collect(capnp::InterfaceSchema schema, std::vector<capnp::InterfaceSchema>& found)
{
    if (std::ranges::find(found, schema) != found.end()) return;
    found.push_back(schema);
    for (const auto method : schema.getMethods()) {
        Collect(method.getParamType(), found);
        Collect(method.getResultType(), found);
    }
}

//! The recursion ends because no struct of the schema contains itself.
void Collect(capnp::StructSchema schema, std::vector<capnp::InterfaceSchema>& found)
{
    for (const auto field : schema.getFields()) {
        capnp::Type type{field.getType()};
        while (type.isList()) type = type.asList().getElementType();
        if (type.isStruct()) Collect(type.asStruct(), found);
        if (type.isInterface()) Collect(type.asInterface(), found);
    }
}

} // namespace

const std::vector<capnp::InterfaceSchema>& Interfaces()
{
    static const std::vector<capnp::InterfaceSchema> INTERFACES{[] {
        std::vector<capnp::InterfaceSchema> found;
        Collect(capnp::InterfaceSchema{capnp::Schema::from<messages::FuzzInit>()}, found);
        return found;
    }()};
    return INTERFACES;
}

capnp::InterfaceSchema FindInterface(std::string_view name)
{
    for (const auto& schema : Interfaces()) {
        if (name == schema.getShortDisplayName().cStr()) return schema;
    }
    CHECK(false, name);
    return {};
}

kj::Maybe<capnp::InterfaceSchema::Method> FindMethod(uint64_t interface, uint16_t method)
{
    for (const auto& schema : Interfaces()) {
        if (schema.getProto().getId() != interface) continue;
        const auto methods = schema.getMethods();
        if (method < methods.size()) return methods[method];
    }
    return nullptr;
}

} // namespace mpfuzz::fuzz_interface
