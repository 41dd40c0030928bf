#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace capnp {
class SchemaLoader;
}

namespace mpfuzz::schema {

//! Kind of a type. The integer kinds include width and sign.
enum class Kind : uint8_t {
    VOID,
    BOOL,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    FLOAT32,
    FLOAT64,
    TEXT,
    DATA,
    LIST,        //!< index: into Schema's element types, see Schema::Element
    ENUM,        //!< index: into Schema::Enums
    STRUCT,      //!< index: into Schema::Structs
    INTERFACE,   //!< index: into Schema::Interfaces
    ANY_POINTER, //!< any struct, list, text, data or capability; also a type parameter that is not bound
    ANY_STRUCT,
    ANY_LIST,
    CAPABILITY, //!< any capability, and nothing else
};

//! A type of one Schema. Two of them are equal if the types are the same and have the same bindings. `index` is 0 if
//! the kind needs no index.
struct Type {
    Kind kind{Kind::VOID};
    uint32_t index{0};
    friend auto operator<=>(const Type&, const Type&) = default;
};

//! True for types that Cap'n Proto stores in the pointer section: they can be null.
bool IsPointer(Kind kind);
//! True for the eight integer kinds.
bool IsInteger(Kind kind);
//! Smallest and largest value of an integer kind; CHECK fails for others.
int64_t MinInteger(Kind kind);
uint64_t MaxInteger(Kind kind);

//! An annotation as written in the file.
struct Annotation {
    uint64_t id{0};
    std::string name;  //!< qualified with its file's stem, such as `proxy.wrap`
    std::string value; //!< in schema-language syntax, such as `"interfaces::Mining"`: texts keep their quotes
    friend bool operator==(const Annotation&, const Annotation&) = default;
};

struct Enum {
    uint64_t id{0};
    std::string name;
    std::vector<std::string> enumerants; //!< in ordinal order
};

struct Field {
    std::string name;
    Type type;
    bool is_group{false};      //!< type is then the STRUCT of the group's fields; they are stored without a pointer
    bool in_union{false};      //!< a member of the struct's unnamed union: only one of these can be set
    std::string default_value; //!< in schema-language syntax; empty if it is the type's zero
    std::vector<Annotation> annotations;
};

//! A struct, a group, or the parameters or results of a method. The Schema has a generic struct once for each distinct
//! binding that it uses.
struct Struct {
    uint64_t id{0};
    std::string name; //!< unique: the shortest of `Inner`, `Outer.Inner`, `mining.capnp:Outer.Inner` that is unique
    std::vector<Field> fields; //!< in declaration (code) order; other code names a field by its index in this list
    bool is_group{false};
    bool is_method_struct{false}; //!< written inline at a method
    std::vector<Annotation> annotations;

    std::optional<uint32_t> FindField(std::string_view field_name) const;
    bool HasUnion() const;
};

//! Index of a method within Interface::methods of the interface that declares it.
struct MethodRef {
    uint32_t interface = 0;
    uint32_t method{0};
    friend auto operator<=>(const MethodRef&, const MethodRef&) = default;
};

struct Method {
    std::string name;
    uint16_t ordinal{0};
    uint32_t params{0};  //!< index into Structs
    uint32_t results{0}; //!< index into Structs; an empty struct for streaming methods
    bool streaming{false};
    std::vector<Annotation> annotations;
};

struct Interface {
    uint64_t id{0};
    std::string name;                   //!< unique in the Schema, like Struct::name
    std::vector<uint32_t> superclasses; //!< direct ones
    std::vector<uint32_t> ancestors;    //!< this interface and all that it extends, each once, sorted
    std::vector<Method> methods;        //!< without inherited ones, in ordinal order
    std::vector<MethodRef> all_methods; //!< its own first, then inherited ones, each once
    std::vector<Annotation> annotations;
};

struct Constant {
    std::string name;
    Type type;
    std::string value; //!< in schema-language syntax
};

//! One element of a path: from a struct to a field, or from a list to any of its elements.
struct PathStep {
    enum class Kind : uint8_t { FIELD, ELEMENT } kind{Kind::FIELD};
    uint32_t field{0}; //!< FIELD: index into Struct::fields; ELEMENT: 0
    friend auto operator<=>(const PathStep&, const PathStep&) = default;
};

//! A place in a method's results (or parameters) that has values of a type.
struct Occurrence {
    MethodRef method;
    std::vector<PathStep> path;
    friend auto operator<=>(const Occurrence&, const Occurrence&) = default;
};

//! All occurrences of one data type under one field name, such as `Data hash`.
struct DataFlow {
    Type type;
    std::string field;                 //!< name of the innermost field on the path
    std::vector<Occurrence> producers; //!< in results
    std::vector<Occurrence> consumers; //!< in parameters
};

//! All declarations of a set of .capnp files. Immutable.
//!
//! The order of every list depends only on the declarations, not on load order or addresses. Files are ordered by name,
//! and the declarations of a file as in its text. Cap'n Proto's own rpc.capnp comes last. An index is valid for one
//! Schema only: store names, not indices, in files.
class Schema
{
public:
    ~Schema();
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    const std::vector<Struct>& Structs() const { return m_structs; }
    const std::vector<Enum>& Enums() const { return m_enums; }
    const std::vector<Interface>& Interfaces() const { return m_interfaces; }
    const std::vector<Constant>& Constants() const { return m_constants; }

    const Struct& GetStruct(uint32_t index) const { return m_structs.at(index); }
    const Interface& GetInterface(uint32_t index) const { return m_interfaces.at(index); }
    const Method& GetMethod(MethodRef ref) const { return m_interfaces.at(ref.interface).methods.at(ref.method); }
    //! Element type of a LIST type.
    Type Element(Type list) const { return m_elements.at(list.index); }
    //! The list type with that element; nullopt if the schema has none.
    std::optional<Type> FindList(Type element) const;

    std::optional<uint32_t> FindInterface(std::string_view name) const;
    std::optional<uint32_t> FindStruct(std::string_view name) const;
    //! A method of an interface by name. It may be inherited.
    std::optional<MethodRef> FindMethod(uint32_t interface, std::string_view method_name) const;
    //! True if a capability of `derived` can be used as one of `base`.
    bool Extends(uint32_t derived, uint32_t base) const;

    //! The type in schema language, such as `List(Data)` or `Mining`; unambiguous in this Schema.
    std::string TypeName(Type type) const;
    //! Inverse of TypeName.
    std::optional<Type> ParseTypeName(std::string_view name) const;
    //! `Interface.method`, as in rules and reports.
    std::string MethodName(MethodRef ref) const;
    //! All methods that match a glob such as `Mining.*`, `*.wait*` or `Init.construct`. `*` matches any number of
    //! characters, `?` matches one. The interface is the one that declares the method. `Store.put` also matches
    //! `Store(Text).put`.
    std::vector<MethodRef> MatchMethods(std::string_view glob) const;

    //! All places in results that contain a capability of an interface, or of one that extends it; shortest paths
    //! first. Paths go into groups, structs and lists. A path does not enter a struct that it is already inside.
    const std::vector<Occurrence>& Producers(uint32_t interface) const { return m_producers.at(interface); }
    //! All places in parameters that accept a capability of an interface; in the same order as Producers.
    const std::vector<Occurrence>& Consumers(uint32_t interface) const { return m_consumers.at(interface); }
    //! Producers and consumers of every data type by field name; sorted by type, then by field. Leaves out Void,
    //! structs, untyped pointers, capabilities, and lists of these.
    const std::vector<DataFlow>& DataFlows() const { return m_data_flows; }
    //! The struct `Message` of Cap'n Proto's own rpc.capnp; always present.
    uint32_t RpcMessage() const { return m_rpc_message; }

    //! A hash of all declarations. It does not depend on load order, import paths, comments, or the location of the
    //! files.
    uint64_t Hash() const { return m_hash; }

    //! Cap'n Proto's own form of the same declarations, for code that uses the wire format. It has each generic
    //! interface or struct once, without bindings. Valid as long as this Schema exists.
    const ::capnp::SchemaLoader& Loader() const { return *m_loader; }

private:
    friend class Cataloguer;
    Schema();

    //! The enum, struct or interface of that name; nullopt if there is none.
    std::optional<Type> FindType(std::string_view name) const;

    std::vector<Struct> m_structs;
    std::vector<Enum> m_enums;
    std::vector<Interface> m_interfaces;
    std::vector<Constant> m_constants;
    std::vector<Type> m_elements;
    std::vector<std::pair<std::string, Type>> m_types_by_name; //!< enums, structs and interfaces, sorted
    std::vector<std::vector<Occurrence>> m_producers;
    std::vector<std::vector<Occurrence>> m_consumers;
    std::vector<DataFlow> m_data_flows;
    uint32_t m_rpc_message{0};
    uint64_t m_hash{0};
    std::shared_ptr<void> m_owner; //!< owns what m_loader points to
    const ::capnp::SchemaLoader* m_loader{nullptr};
};

} // namespace mpfuzz::schema
