#include <mpfuzz/peer/payload.h>

#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/generate/values.h>
#include <mpfuzz/program/validate.h>

#include <capnp/any.h>
#include <capnp/capability.h>
#include <capnp/dynamic.h>
#include <capnp/schema-loader.h>
#include <kj/debug.h>

#include <vector>

namespace mpfuzz::peer {
namespace {

using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;
using program::PathElement;
using program::Value;
using schema::Kind;
using schema::MethodRef;
using schema::Type;

// In one message. A guess: far more than any message that is worth recording has.
constexpr uint MAX_CAPABILITIES{10'000};

//! Visits the value that execute::Read has returned, together with the message, and adds what execute::Read leaves out.
class Completer
{
public:
    Completer(const schema::Schema& schema, capnp::rpc::Payload::Reader payload, const OnCapability& on_capability)
        : m_schema{schema}, m_table{payload.getCapTable()}, m_on_capability{on_capability}
    {
        KJ_REQUIRE(m_table.size() <= MAX_CAPABILITIES, "too many capabilities in one message");
        for (uint i{0}; i < m_table.size(); ++i) m_hooks.add(capnp::newBrokenCap("only for comparison"));
    }

    capnp::ReaderCapabilityTable MakeTable()
    {
        auto hooks{kj::heapArrayBuilder<kj::Maybe<kj::Own<capnp::ClientHook>>>(m_hooks.size())};
        for (auto& hook : m_hooks) hooks.add(hook->addRef());
        return capnp::ReaderCapabilityTable{hooks.finish()};
    }

    void Struct(uint32_t index, program::StructValue& value, DynamicStruct::Reader reader)
    {
        const schema::Struct& type{m_schema.GetStruct(index)};
        AddBranch(type, value, reader);
        for (uint32_t i{0}; i < type.fields.size(); ++i) {
            const schema::Field& field{type.fields[i]};
            Value* const content{value.Find(i)};
            const auto target{reader.getSchema().getFieldByName(field.name.c_str())};
            if (!content) {
                m_lost += target.getType().isAnyPointer() && reader.has(target) ? 1 : 0;
                continue;
            }
            if (!reader.has(target)) continue;
            m_path.push_back({PathElement::Kind::FIELD, i});
            Content(field.type, *content, reader.get(target));
            m_path.pop_back();
            const auto* inner{content->As<program::StructValue>()};
            if (field.is_group && !field.in_union && inner && inner->fields.empty()) value.Erase(i);
        }
    }

    size_t Lost() const { return m_lost; }

private:
    //! Add the field that is set in a union: execute::Read leaves it out if it has its default value.
    void AddBranch(const schema::Struct& type, program::StructValue& value, DynamicStruct::Reader reader)
    {
        KJ_IF_MAYBE (branch, reader.which()) {
            const auto index{type.FindField(branch->getProto().getName().cStr())};
            if (!index || value.Find(*index) || branch->getProto().getDiscriminantValue() == 0) return;
            value.Set(*index, generate::ZeroValue(m_schema, type.fields[*index].type));
        }
    }

    void Content(Type type, Value& value, const DynamicValue::Reader& reader)
    {
        if (value.As<program::SeenCapability>()) {
            Capability(type, value, reader);
        } else if (auto* fields{value.As<program::StructValue>()}) {
            Struct(type.index, *fields, reader.as<DynamicStruct>());
        } else if (auto* list{value.As<program::ListValue>()}) {
            List(m_schema.Element(type), *list, reader.as<DynamicList>());
        } else if (const auto* blob{value.As<program::Blob>()}) {
            m_lost += blob->bytes.size() != BlobSize(type, reader) ? 1 : 0;
        }
    }

    void List(Type element, program::ListValue& list, DynamicList::Reader reader)
    {
        m_lost += list.elements.size() != reader.size() ? 1 : 0;
        for (uint32_t i{0}; i < list.elements.size(); ++i) {
            m_path.push_back({PathElement::Kind::ELEMENT, i});
            Content(element, list.elements[i], reader[i]);
            m_path.pop_back();
        }
    }

    void Capability(Type type, Value& value, const DynamicValue::Reader& reader)
    {
        capnp::Capability::Client client{reader.getType() == DynamicValue::ANY_POINTER
                                             ? reader.as<capnp::AnyPointer>().getAs<capnp::Capability>()
                                             : capnp::Capability::Client{reader.as<capnp::DynamicCapability>()}};
        const auto hook{capnp::ClientHook::from(kj::mv(client))};
        for (uint i{0}; i < m_hooks.size(); ++i) {
            if (m_hooks[i].get() != hook.get()) continue;
            value = m_on_capability(m_table[i], type, m_path);
            return;
        }
        // The message has an index beyond the table.
        value = program::Null{};
        ++m_lost;
    }

    static size_t BlobSize(Type type, const DynamicValue::Reader& reader)
    {
        if (reader.getType() == DynamicValue::TEXT) return reader.as<capnp::Text>().size();
        if (reader.getType() == DynamicValue::DATA) return reader.as<capnp::Data>().size();
        if (reader.getType() != DynamicValue::ANY_POINTER) return 0;
        const auto pointer{reader.as<capnp::AnyPointer>()};
        return type.kind == Kind::TEXT ? pointer.getAs<capnp::Text>().size() : pointer.getAs<capnp::Data>().size();
    }

    const schema::Schema& m_schema;
    capnp::List<capnp::rpc::CapDescriptor>::Reader m_table;
    const OnCapability& m_on_capability;
    kj::Vector<kj::Own<capnp::ClientHook>> m_hooks;
    program::Path m_path;
    size_t m_lost{0};
};

//! Find the fields of a struct and of its groups that are stored at one offset of the pointer section.
void FindPointers(const schema::Schema& schema, uint32_t struct_index, capnp::StructSchema wire, uint16_t offset,
                  program::Path path, std::vector<program::Path>& found)
{
    const auto& fields{schema.GetStruct(struct_index).fields};
    for (uint32_t i{0}; i < fields.size(); ++i) {
        const auto target{wire.getFieldByName(fields[i].name.c_str())};
        path.push_back({PathElement::Kind::FIELD, i});
        if (fields[i].is_group) {
            FindPointers(schema, fields[i].type.index, target.getType().asStruct(), offset, path, found);
        } else if (target.getProto().isSlot() && target.getProto().getSlot().getOffset() == offset &&
                   schema::IsPointer(fields[i].type.kind)) {
            found.push_back(path);
        }
        path.pop_back();
    }
}

capnp::StructSchema WireStruct(const schema::Schema& schema, uint32_t struct_index)
{
    return schema.Loader().get(schema.GetStruct(struct_index).id).asStruct();
}

} // namespace

ReadPayload Read(const schema::Schema& schema, uint32_t struct_index, capnp::rpc::Payload::Reader payload,
                 const OnCapability& on_capability)
{
    Completer completer{schema, payload, on_capability};
    auto table{completer.MakeTable()};
    const auto content{table.imbue(payload.getContent()).getAs<DynamicStruct>(WireStruct(schema, struct_index))};
    ReadPayload read{execute::Read(schema, struct_index, content), 0};
    completer.Struct(struct_index, read.fields, content);
    read.lost = completer.Lost();
    return read;
}

std::optional<program::Path> FollowTransform(const schema::Schema& schema, uint32_t struct_index,
                                             capnp::rpc::PromisedAnswer::Reader promised)
{
    program::Path path;
    for (const auto op : promised.getTransform()) {
        if (!op.isGetPointerField()) continue;
        const auto at{program::TypeAt(schema, struct_index, path)};
        if (!at || at->kind != Kind::STRUCT) return std::nullopt;
        std::vector<program::Path> found;
        FindPointers(schema, at->index, WireStruct(schema, at->index), op.getGetPointerField(), {}, found);
        // Keep the fields that can lead to a capability.
        std::erase_if(found, [&](const program::Path& candidate) {
            const auto type{program::TypeAt(schema, at->index, candidate)};
            return type->kind != Kind::STRUCT && !program::HoldsCapability(type->kind);
        });
        if (found.size() != 1) return std::nullopt;
        path.insert(path.end(), found[0].begin(), found[0].end());
    }
    return path;
}

std::optional<MethodRef> FindMethod(const schema::Schema& schema, std::optional<uint32_t> interface, uint64_t id,
                                    uint16_t ordinal)
{
    const auto is_it{[&](MethodRef ref) {
        return schema.GetInterface(ref.interface).id == id && schema.GetMethod(ref).ordinal == ordinal;
    }};
    if (interface) {
        for (const MethodRef ref : schema.GetInterface(*interface).all_methods) {
            if (is_it(ref)) return ref;
        }
    }
    std::optional<MethodRef> found;
    for (uint32_t i{0}; i < schema.Interfaces().size(); ++i) {
        for (uint32_t m{0}; m < schema.GetInterface(i).methods.size(); ++m) {
            if (!is_it({i, m})) continue;
            if (found) return std::nullopt;
            found = MethodRef{i, m};
        }
    }
    return found;
}

} // namespace mpfuzz::peer
