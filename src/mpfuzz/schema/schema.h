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

//! What a value of a type looks like. An integer kind says its own width and sign.
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
    ANY_POINTER, //!< any struct, list, text, data or capability; unbound type parameters too
    ANY_STRUCT,
    ANY_LIST,
    CAPABILITY, //!< any capability, and nothing else
};

//! A type of one Schema: a plain value, equal exactly when the types are the same, bindings of
//! generics included. `index` is 0 for kinds that need none.
struct Type {
    Kind kind{Kind::VOID};
    uint32_t index{0};
    friend auto operator<=>(const Type&, const Type&) = default;
};

//! True for types that live in the pointer section: they can be null.
bool IsPointer(Kind kind);
//! True for the eight integer kinds.
bool IsInteger(Kind kind);
//! Smallest and largest value of an integer kind; CHECK fails for others.
int64_t MinInteger(Kind kind);
uint64_t MaxInteger(Kind kind);

//! An annotation as it stands in the file, its value printed in schema-language syntax.
struct Annotation {
    uint64_t id{0};
    std::string name;  //!< qualified with its file's stem, such as `proxy.wrap`
    std::string value; //!< such as `"interfaces::Mining"`; text values keep their quotes
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
    bool is_group{false};      //!< type is STRUCT: the group's fields, which have no pointer of their own
    bool in_union{false};      //!< member of the struct's unnamed union: setting it picks the branch
    std::string default_value; //!< in schema-language syntax; empty where it is the type's zero
    std::vector<Annotation> annotations;
};

//! A struct, a group, or a method's implicit parameter or result struct. Generic structs appear once
//! for each distinct binding that the schema uses.
struct Struct {
    uint64_t id{0};
    std::string name; //!< unique in the Schema: the shortest of `Block`, `Outer.Inner`, `mining.capnp:Block` that is
    std::vector<Field> fields; //!< in declaration (code) order; index is the field's identity within a Schema
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
    std::vector<uint32_t> ancestors;    //!< itself and all it extends, each once, sorted
    std::vector<Method> methods;        //!< its own, in ordinal order
    std::vector<MethodRef> all_methods; //!< its own first, then inherited ones, each once
    std::vector<Annotation> annotations;
};

struct Constant {
    std::string name;
    Type type;
    std::string value; //!< in schema-language syntax
};

//! One step from a struct to a field, or from a list to any of its elements.
struct PathStep {
    enum class Kind : uint8_t { FIELD, ELEMENT } kind{Kind::FIELD};
    uint32_t field{0}; //!< FIELD: index into Struct::fields; ELEMENT: 0
    friend auto operator<=>(const PathStep&, const PathStep&) = default;
};

//! Where in a method's results (or parameters) values of a type stand.
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

//! An immutable catalogue of everything that a set of .capnp files declares.
//!
//! Order of every list is a function of the declarations alone, never of load order or addresses:
//! files by name, then declaration order; Cap'n Proto's own rpc.capnp last. Indices are valid for one
//! Schema only: what has to survive a schema edit is kept by name.
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
    //! The list type with that element, where the schema has one.
    std::optional<Type> FindList(Type element) const;

    std::optional<uint32_t> FindInterface(std::string_view name) const;
    std::optional<uint32_t> FindStruct(std::string_view name) const;
    //! A method of an interface by name, its own or inherited.
    std::optional<MethodRef> FindMethod(uint32_t interface, std::string_view method_name) const;
    //! True where a capability of `derived` can stand for one of `base`.
    bool Extends(uint32_t derived, uint32_t base) const;

    //! The type in schema language, such as `List(Data)` or `Mining`; unambiguous in this Schema.
    std::string TypeName(Type type) const;
    //! Inverse of TypeName.
    std::optional<Type> ParseTypeName(std::string_view name) const;
    //! `Interface.method`, as rules and reports name it.
    std::string MethodName(MethodRef ref) const;
    //! All methods of all interfaces that a glob such as `Mining.*`, `*.wait*` or `Init.construct` matches:
    //! `*` is any characters, `?` is one. A method belongs to the interface that declares it, and a
    //! binding may be left out: `Store.put` matches `Store(Text).put` too.
    std::vector<MethodRef> MatchMethods(std::string_view glob) const;

    //! Where to get a capability of an interface (or of one that extends it): result paths, shortest
    //! first. Groups, structs and lists are followed; recursion stops at the second visit of a struct.
    const std::vector<Occurrence>& Producers(uint32_t interface) const { return m_producers.at(interface); }
    //! Where a capability of an interface fits: parameter paths that want it or one that it extends.
    //! Same order as Producers.
    const std::vector<Occurrence>& Consumers(uint32_t interface) const { return m_consumers.at(interface); }
    //! Producers and consumers of every data type by field name, sorted by type, then field: all but Void,
    //! structs, AnyPointer and the like, capabilities, and lists of these.
    const std::vector<DataFlow>& DataFlows() const { return m_data_flows; }
    //! The struct `Message` of Cap'n Proto's own rpc.capnp; always present.
    uint32_t RpcMessage() const { return m_rpc_message; }

    //! 64 bits that change when a declaration does, and not with load order, import paths, comments,
    //! or the place of the files.
    uint64_t Hash() const { return m_hash; }

    //! Cap'n Proto's own view of the same declarations, for whoever speaks the wire format. A generic
    //! interface or struct without bindings stands for all of its kind there. Lives as long as this.
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
    std::shared_ptr<void> m_owner; //!< what m_loader points into
    const ::capnp::SchemaLoader* m_loader{nullptr};
};

} // namespace mpfuzz::schema
