#include <mpfuzz/execute/dynamic.h>

#include <mpfuzz/trace/trace.h>

#include <capnp/any.h>
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

// Limits, because a hostile server can send more.
using trace::MAX_ANSWER_BYTES;
using trace::MAX_ANSWER_DEPTH;
using trace::MAX_ANSWER_ELEMENTS;

class AnswerReader
{
public:
    explicit AnswerReader(const schema::Schema& schema) : m_schema{schema} {}

    program::StructValue Struct(uint32_t index, DynamicStruct::Reader reader)
    {
        program::StructValue value;
        if (m_depth == MAX_ANSWER_DEPTH) return value;
        ++m_depth;
        const schema::Struct& type{m_schema.GetStruct(index)};
        for (uint32_t i{0}; i < type.fields.size(); ++i) {
            const auto field{reader.getSchema().getFieldByName(type.fields[i].name.c_str())};
            if (!reader.has(field, capnp::HasMode::NON_DEFAULT)) continue;
            if (auto content{Content(type.fields[i].type, reader.get(field))}) {
                value.fields.push_back({i, std::move(*content)});
            }
        }
        --m_depth;
        return value;
    }

private:
    std::optional<Value> Content(Type type, const DynamicValue::Reader& reader)
    {
        switch (reader.getType()) {
        case DynamicValue::VOID: return Value{program::Void{}};
        case DynamicValue::BOOL: return Value{reader.as<bool>()};
        case DynamicValue::INT:
        case DynamicValue::UINT: {
            const bool is_signed{type.kind <= Kind::INT64};
            return is_signed ? Value{reader.as<int64_t>()} : Value{reader.as<uint64_t>()};
        }
        case DynamicValue::FLOAT:
            if (type.kind == Kind::FLOAT32) return Value{program::Float{std::bit_cast<uint32_t>(reader.as<float>())}};
            return Value{program::Float{std::bit_cast<uint64_t>(reader.as<double>())}};
        case DynamicValue::TEXT: {
            const auto text{reader.as<capnp::Text>()};
            return Blob(text.begin(), text.size());
        }
        case DynamicValue::DATA: {
            const auto data{reader.as<capnp::Data>()};
            return Blob(reinterpret_cast<const char*>(data.begin()), data.size());
        }
        case DynamicValue::LIST: return List(type, reader.as<DynamicList>());
        case DynamicValue::ENUM: return Value{program::EnumValue{reader.as<DynamicEnum>().getRaw()}};
        case DynamicValue::STRUCT: return Value{Struct(type.index, reader.as<DynamicStruct>())};
        case DynamicValue::CAPABILITY: return Value{program::SeenCapability{}};
        case DynamicValue::ANY_POINTER: return Any(type, reader.as<capnp::AnyPointer>());
        case DynamicValue::UNKNOWN: break;
        }
        return std::nullopt;
    }

    Value Blob(const char* bytes, size_t size)
    {
        size = std::min(size, MAX_ANSWER_BYTES - m_bytes);
        m_bytes += size;
        return program::Blob{std::string{bytes, size}};
    }

    std::optional<Value> List(Type type, DynamicList::Reader reader)
    {
        if (m_depth == MAX_ANSWER_DEPTH) return std::nullopt;
        ++m_depth;
        program::ListValue list;
        const Type element{m_schema.Element(type)};
        for (uint32_t i{0}; i < reader.size() && m_elements < MAX_ANSWER_ELEMENTS; ++i, ++m_elements) {
            auto content{Content(element, reader[i])};
            list.elements.push_back(content ? std::move(*content) : Value{program::Null{}});
        }
        --m_depth;
        return Value{std::move(list)};
    }

    //! Read a field that is an AnyPointer in Cap'n Proto's own schema as the type that mpfuzz's schema gives it.
    std::optional<Value> Any(Type type, capnp::AnyPointer::Reader pointer)
    {
        if (pointer.isNull()) return std::nullopt;
        if (pointer.isCapability()) return Value{program::SeenCapability{}};
        if (type.kind == Kind::TEXT) return Content(type, pointer.getAs<capnp::Text>());
        if (type.kind == Kind::DATA) return Content(type, pointer.getAs<capnp::Data>());
        return std::nullopt;
    }

    const schema::Schema& m_schema;
    size_t m_bytes{0};
    size_t m_elements{0};
    unsigned m_depth{0};
};

} // namespace

program::StructValue Read(const schema::Schema& schema, uint32_t struct_index, DynamicStruct::Reader reader)
{
    return AnswerReader{schema}.Struct(struct_index, reader);
}

} // namespace mpfuzz::execute
