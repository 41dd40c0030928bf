#include <mpfuzz/execute/dynamic.h>

#include <mpfuzz/base/check.h>

#include <capnp/any.h>
#include <capnp/schema-loader.h>
#include <capnp/schema.h>

#include <bit>

namespace mpfuzz::execute {
namespace {

using capnp::DynamicCapability;
using capnp::DynamicEnum;
using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;
using program::Value;
using schema::Kind;
using schema::Type;

// A receiver with default options reads at most 64 MiB of one message. A longer one would only test mpfuzz's memory.
constexpr uint64_t MAX_ELEMENTS{uint64_t{1} << 22};

//! Returns a capability that can be put into a message any number of times.
//!
//! Cap'n Proto exports a promised capability once, even if it is passed several times, and sends one Resolve message
//! when the promise resolves. If it resolves to an exception, Cap'n Proto keeps the export but never sends Resolve
//! again (RpcConnectionState::resolveExportedPromise, up to 1.4 at least). If the peer releases the capability and then
//! receives it again, it waits for a Resolve that never comes. So this returns a new promise for each use of a broken
//! capability.
capnp::Capability::Client Passable(capnp::Capability::Client client)
{
    kj::Own<capnp::ClientHook> hook{capnp::ClientHook::from(kj::mv(client))};
    capnp::ClientHook* innermost{hook.get()};
    while (true) {
        KJ_IF_MAYBE (inner, innermost->getResolved())
            innermost = inner;
        else
            break;
    }
    if (innermost->isError()) {
        KJ_IF_MAYBE (broken, innermost->whenMoreResolved())
            return capnp::Capability::Client{capnp::newLocalPromiseClient(kj::mv(*broken))};
    }
    return capnp::Capability::Client{kj::mv(hook)};
}

class Filler
{
public:
    Filler(const schema::Schema& schema, References& references) : m_schema{schema}, m_references{references} {}

    void Struct(uint32_t index, DynamicStruct::Builder builder, const program::StructValue& value)
    {
        const schema::Struct& type{m_schema.GetStruct(index)};
        for (const auto& [field_index, field_value] : value.fields) {
            const schema::Field& field{type.fields.at(field_index)};
            Field(builder, builder.getSchema().getFieldByName(field.name.c_str()), field, field_value);
        }
    }

private:
    void Field(DynamicStruct::Builder builder, capnp::StructSchema::Field target, const schema::Field& field,
               const Value& value)
    {
        if (const auto* data{value.As<program::DataRef>()}) {
            if (const auto found{m_references.Find(*data)}) Field(builder, target, field, *found);
            return;
        }
        if (field.is_group || field.type.kind == Kind::STRUCT) {
            if (const auto* fields{value.As<program::StructValue>()}) {
                if (!target.getType().isAnyPointer()) {
                    return Struct(field.type.index, builder.init(target).as<DynamicStruct>(), *fields);
                }
            }
        }
        // In Cap'n Proto's own schema a type parameter of a generic struct is an AnyPointer.
        if (target.getType().isAnyPointer()) {
            builder.clear(target); // selects the field if it belongs to a union
            return Any(builder.get(target).as<capnp::AnyPointer>(), field.type, value);
        }
        if (value.As<program::Null>()) {
            builder.clear(target);
        } else if (const auto length{Length(value)}) {
            List(field.type, builder.init(target, CountElements(*length)).as<DynamicList>(), value);
        } else {
            Scalar(field.type, target.getType(), value, [&](const DynamicValue::Reader& v) { builder.set(target, v); });
        }
    }

    static std::optional<uint64_t> Length(const Value& value)
    {
        if (const auto* list{value.As<program::ListValue>()}) return list->elements.size();
        if (const auto* repeat{value.As<program::RepeatValue>()}) return repeat->count;
        return std::nullopt;
    }

    uint32_t CountElements(uint64_t elements)
    {
        m_elements += elements;
        KJ_REQUIRE(m_elements <= MAX_ELEMENTS, "the lists of this call are too long to send");
        return static_cast<uint32_t>(elements);
    }

    void List(Type type, DynamicList::Builder list, const Value& value)
    {
        const Type element_type{m_schema.Element(type)};
        for (uint32_t i{0}; i < list.size(); ++i) {
            const auto* plain{value.As<program::ListValue>()};
            Element(element_type, list, i, plain ? plain->elements[i] : value.As<program::RepeatValue>()->element[0]);
        }
    }

    void Element(Type type, DynamicList::Builder list, uint32_t i, const Value& value)
    {
        const capnp::Type target{list.getSchema().getElementType()};
        if (const auto* data{value.As<program::DataRef>()}) {
            if (const auto found{m_references.Find(*data)}) Element(type, list, i, *found);
        } else if (const auto* fields{value.As<program::StructValue>()}) {
            Struct(type.index, list[i].as<DynamicStruct>(), *fields);
        } else if (const auto length{Length(value)}) {
            List(type, list.init(i, CountElements(*length)).as<DynamicList>(), value);
        } else if (target.isAnyPointer()) {
            Any(list[i].as<capnp::AnyPointer>(), type, value);
        } else if (!value.As<program::Null>()) {
            Scalar(type, target, value, [&](const DynamicValue::Reader& v) { list.set(i, v); });
        }
    }

    //! Set a value that needs no allocation in advance. If a capability does not exist, the field stays null.
    template<typename Set>
    void Scalar(Type type, capnp::Type target, const Value& value, const Set& set)
    {
        if (const auto* boolean{value.As<bool>()}) {
            set(*boolean);
        } else if (const auto* number{value.As<int64_t>()}) {
            set(*number);
        } else if (const auto* natural{value.As<uint64_t>()}) {
            set(*natural);
        } else if (const auto* real{value.As<program::Float>()}) {
            if (type.kind == Kind::FLOAT32)
                set(std::bit_cast<float>(static_cast<uint32_t>(real->bits)));
            else
                set(std::bit_cast<double>(real->bits));
        } else if (const auto* choice{value.As<program::EnumValue>()}) {
            set(DynamicEnum(target.asEnum(), choice->raw));
        } else if (const auto* blob{value.As<program::Blob>()}) {
            if (target.isText())
                set(capnp::Text::Reader(blob->bytes.c_str(), blob->bytes.size()));
            else
                set(ToData(*blob));
        } else if (value.As<program::Void>()) {
            set(capnp::VOID);
        } else {
            KJ_IF_MAYBE (client, Capability(value)) set(client->castAs<DynamicCapability>(target.asInterface()));
        }
    }

    static capnp::Data::Reader ToData(const program::Blob& blob)
    {
        return {reinterpret_cast<const kj::byte*>(blob.bytes.data()), blob.bytes.size()};
    }

    kj::Maybe<capnp::Capability::Client> Capability(const Value& value)
    {
        if (const auto* ref{value.As<program::CapabilityRef>()}) {
            auto found{m_references.Find(*ref)};
            KJ_IF_MAYBE (client, found) return Passable(kj::mv(*client));
            return nullptr;
        }
        if (const auto* object{value.As<program::ServedObject>()}) return m_references.Serve(*object);
        return nullptr;
    }

    void Any(capnp::AnyPointer::Builder pointer, Type type, const Value& value)
    {
        if (const auto* any{value.As<program::AnyValue>()}) {
            Any(pointer, any->type, any->value.at(0));
        } else if (const auto* data{value.As<program::DataRef>()}) {
            if (const auto found{m_references.Find(*data)}) Any(pointer, type, *found);
        } else if (const auto* fields{value.As<program::StructValue>()}) {
            const auto schema{m_schema.Loader().get(m_schema.GetStruct(type.index).id).asStruct()};
            Struct(type.index, pointer.initAs<DynamicStruct>(schema), *fields);
        } else if (const auto length{Length(value)}) {
            const auto schema{capnp::ListSchema::of(WireType(m_schema.Element(type)))};
            List(type, pointer.initAs<DynamicList>(schema, CountElements(*length)), value);
        } else if (const auto* blob{value.As<program::Blob>()}) {
            if (type.kind == Kind::TEXT)
                pointer.setAs<capnp::Text>({blob->bytes.c_str(), blob->bytes.size()});
            else
                pointer.setAs<capnp::Data>(ToData(*blob));
        } else {
            KJ_IF_MAYBE (client, Capability(value)) pointer.setAs<capnp::Capability>(kj::mv(*client));
        }
    }

    capnp::Type WireType(Type type) const
    {
        const auto& loader{m_schema.Loader()};
        switch (type.kind) {
        case Kind::VOID: return capnp::schema::Type::VOID;
        case Kind::BOOL: return capnp::schema::Type::BOOL;
        case Kind::INT8: return capnp::schema::Type::INT8;
        case Kind::INT16: return capnp::schema::Type::INT16;
        case Kind::INT32: return capnp::schema::Type::INT32;
        case Kind::INT64: return capnp::schema::Type::INT64;
        case Kind::UINT8: return capnp::schema::Type::UINT8;
        case Kind::UINT16: return capnp::schema::Type::UINT16;
        case Kind::UINT32: return capnp::schema::Type::UINT32;
        case Kind::UINT64: return capnp::schema::Type::UINT64;
        case Kind::FLOAT32: return capnp::schema::Type::FLOAT32;
        case Kind::FLOAT64: return capnp::schema::Type::FLOAT64;
        case Kind::TEXT: return capnp::schema::Type::TEXT;
        case Kind::DATA: return capnp::schema::Type::DATA;
        case Kind::LIST: return capnp::ListSchema::of(WireType(m_schema.Element(type)));
        case Kind::ENUM: return loader.get(m_schema.Enums().at(type.index).id).asEnum();
        case Kind::STRUCT: return loader.get(m_schema.GetStruct(type.index).id).asStruct();
        case Kind::INTERFACE: return loader.get(m_schema.GetInterface(type.index).id).asInterface();
        case Kind::ANY_POINTER:
        case Kind::ANY_STRUCT:
        case Kind::ANY_LIST:
        case Kind::CAPABILITY: return capnp::schema::Type::ANY_POINTER;
        }
        CHECK(false, static_cast<int>(type.kind));
    }

    const schema::Schema& m_schema;
    References& m_references;
    uint64_t m_elements{0};
};

} // namespace

void Fill(const schema::Schema& schema, uint32_t struct_index, DynamicStruct::Builder builder,
          const program::StructValue& value, References& references)
{
    Filler{schema, references}.Struct(struct_index, builder, value);
}

} // namespace mpfuzz::execute
