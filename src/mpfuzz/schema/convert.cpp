#include <mpfuzz/base/text.h>
#include <mpfuzz/schema/convert.h>

#include <capnp/any.h>
#include <capnp/dynamic.h>
#include <kj/string.h>

#include <algorithm>

namespace mpfuzz::schema {
namespace {

using Value = ::capnp::schema::Value;

std::string Text(kj::StringPtr text) { return {text.begin(), text.size()}; }

std::string EnumText(uint16_t raw, ::capnp::EnumSchema schema)
{
    const auto enumerants{schema.getEnumerants()};
    if (raw >= enumerants.size()) return std::to_string(raw);
    return Text(enumerants[raw].getProto().getName());
}

std::string PointerText(Value::Reader value, ::capnp::Type type)
{
    if (value.isList() && type.isList() && !value.getList().isNull()) {
        return Text(kj::str(value.getList().getAs<::capnp::DynamicList>(type.asList())));
    }
    if (value.isStruct() && type.isStruct() && !value.getStruct().isNull()) {
        return Text(kj::str(value.getStruct().getAs<::capnp::DynamicStruct>(type.asStruct())));
    }
    return "";
}

//! True if all bits of a struct are zero: then every field has its default.
bool IsZero(::capnp::AnyStruct::Reader value)
{
    const auto data{value.getDataSection()};
    if (std::any_of(data.begin(), data.end(), [](kj::byte byte) { return byte != 0; })) return false;
    for (const auto pointer : value.getPointerSection()) {
        if (!pointer.isNull()) return false;
    }
    return true;
}

bool IsZero(Value::Reader value)
{
    switch (value.which()) {
    case Value::BOOL: return !value.getBool();
    case Value::INT8: return value.getInt8() == 0;
    case Value::INT16: return value.getInt16() == 0;
    case Value::INT32: return value.getInt32() == 0;
    case Value::INT64: return value.getInt64() == 0;
    case Value::UINT8: return value.getUint8() == 0;
    case Value::UINT16: return value.getUint16() == 0;
    case Value::UINT32: return value.getUint32() == 0;
    case Value::UINT64: return value.getUint64() == 0;
    case Value::FLOAT32: return value.getFloat32() == 0;
    case Value::FLOAT64: return value.getFloat64() == 0;
    case Value::TEXT: return value.getText().size() == 0;
    case Value::DATA: return value.getData().size() == 0;
    case Value::ENUM: return value.getEnum() == 0;
    case Value::VOID: return true;
    case Value::LIST: return value.getList().isNull() || value.getList().getAs<::capnp::AnyList>().size() == 0;
    case Value::STRUCT: return value.getStruct().isNull() || IsZero(value.getStruct().getAs<::capnp::AnyStruct>());
    default: return false;
    }
}

//! The name of an annotation, qualified with the stem of its file, such as `proxy.wrap`.
std::string AnnotationName(const Declarations& declarations, uint64_t id)
{
    const Declaration* declaration{declarations.Find(id)};
    if (!declaration) return "annotation" + std::to_string(id);
    const std::string_view file{BaseName(declaration->file_path)};
    return std::string{file.substr(0, file.rfind('.'))} + "." + declarations.ScopedName(id);
}

} // namespace

Kind PlainKind(::capnp::Type type)
{
    using Which = ::capnp::schema::Type::Which;
    using AnyKind = ::capnp::schema::Type::AnyPointer::Unconstrained::Which;
    switch (type.which()) {
    case Which::VOID: return Kind::VOID;
    case Which::BOOL: return Kind::BOOL;
    case Which::INT8: return Kind::INT8;
    case Which::INT16: return Kind::INT16;
    case Which::INT32: return Kind::INT32;
    case Which::INT64: return Kind::INT64;
    case Which::UINT8: return Kind::UINT8;
    case Which::UINT16: return Kind::UINT16;
    case Which::UINT32: return Kind::UINT32;
    case Which::UINT64: return Kind::UINT64;
    case Which::FLOAT32: return Kind::FLOAT32;
    case Which::FLOAT64: return Kind::FLOAT64;
    case Which::TEXT: return Kind::TEXT;
    case Which::DATA: return Kind::DATA;
    default: break;
    }
    if (!type.isAnyPointer()) return Kind::ANY_POINTER;
    switch (type.whichAnyPointerKind()) {
    case AnyKind::STRUCT: return Kind::ANY_STRUCT;
    case AnyKind::LIST: return Kind::ANY_LIST;
    case AnyKind::CAPABILITY: return Kind::CAPABILITY;
    default: return Kind::ANY_POINTER;
    }
}

std::string ValueText(Value::Reader value, ::capnp::Type type)
{
    switch (value.which()) {
    case Value::VOID: return "void";
    case Value::BOOL: return value.getBool() ? "true" : "false";
    case Value::INT8: return std::to_string(value.getInt8());
    case Value::INT16: return std::to_string(value.getInt16());
    case Value::INT32: return std::to_string(value.getInt32());
    case Value::INT64: return std::to_string(value.getInt64());
    case Value::UINT8: return std::to_string(value.getUint8());
    case Value::UINT16: return std::to_string(value.getUint16());
    case Value::UINT32: return std::to_string(value.getUint32());
    case Value::UINT64: return std::to_string(value.getUint64());
    case Value::FLOAT32: return Text(kj::str(value.getFloat32()));
    case Value::FLOAT64: return Text(kj::str(value.getFloat64()));
    case Value::TEXT: return base::Quote({value.getText().begin(), value.getText().size()});
    case Value::DATA: {
        const auto bytes{value.getData().asChars()};
        return "0x\"" + base::ToHex({bytes.begin(), bytes.size()}) + "\"";
    }
    case Value::ENUM: return type.isEnum() ? EnumText(value.getEnum(), type.asEnum()) : std::to_string(value.getEnum());
    default: return PointerText(value, type);
    }
}

std::string DefaultText(::capnp::StructSchema::Field field)
{
    if (!field.getProto().isSlot()) return "";
    const auto value{field.getProto().getSlot().getDefaultValue()};
    return IsZero(value) ? "" : ValueText(value, field.getType());
}

std::vector<Annotation> ToAnnotations(const Declarations& declarations, const ::capnp::SchemaLoader& loader,
                                      ::capnp::List<::capnp::schema::Annotation>::Reader annotations)
{
    std::vector<Annotation> converted;
    for (const auto annotation : annotations) {
        ::capnp::Type type;
        const Declaration* declaration{declarations.Find(annotation.getId())};
        if (declaration && declaration->schema.getProto().isAnnotation()) {
            type = loader.getType(declaration->schema.getProto().getAnnotation().getType());
        }
        converted.push_back({.id = annotation.getId(),
                             .name = AnnotationName(declarations, annotation.getId()),
                             .value = ValueText(annotation.getValue(), type)});
    }
    return converted;
}

} // namespace mpfuzz::schema
