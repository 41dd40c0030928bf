#pragma once

// Private to this folder: uses Cap'n Proto.

#include <mpfuzz/schema/bindings.h>
#include <mpfuzz/schema/names.h>
#include <mpfuzz/schema/schema.h>

#include <capnp/schema-loader.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mpfuzz::schema {

//! Makes a Schema from the nodes of a SchemaLoader. Use it once.
class Cataloguer
{
public:
    //! @param loader  Contains all nodes, including rpc.capnp's Message.
    //! @param files   Ids of files. The Schema lists all their declarations, and those of other files that they use.
    Cataloguer(std::shared_ptr<::capnp::SchemaLoader> loader, std::vector<uint64_t> files);

    //! @throw kj::Exception if the nodes contradict each other.
    std::shared_ptr<const Schema> Run();

private:
    void FindAll();
    void Number();
    void AddStruct(::capnp::StructSchema schema);
    void AddEnum(::capnp::EnumSchema schema);
    void AddInterface(::capnp::InterfaceSchema schema);
    void AddConstants();
    void NameTypes();
    void Inherit();

    Field ToField(::capnp::StructSchema::Field field);
    Type ToType(::capnp::Type type);
    uint32_t IndexOf(::capnp::Schema schema) const { return m_indices.at(m_collector.KeyOf(schema)); }

    std::shared_ptr<::capnp::SchemaLoader> m_loader;
    Declarations m_declarations;
    std::vector<const Declaration*> m_declared; //!< all declarations in the requested files
    TypeCollector m_collector;
    std::set<uint64_t> m_builtin; //!< ids of declarations that only rpc.capnp's Message uses
    std::optional<Names> m_names;
    std::vector<::capnp::Schema> m_order;      //!< structs, enums and interfaces in the order of their indices
    std::map<std::string, uint32_t> m_indices; //!< by SchemaKey; each kind has its own indices
    std::shared_ptr<Schema> m_schema;
};

} // namespace mpfuzz::schema
