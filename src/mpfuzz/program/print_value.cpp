#include <mpfuzz/program/print_value.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/program/visit.h>
#include <mpfuzz/program/words.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace mpfuzz::program {
namespace {

template<typename Number>
void AppendNumber(std::string& out, Number number)
{
    char buffer[64];
    const auto result{std::to_chars(std::begin(buffer), std::end(buffer), number)};
    out.append(buffer, result.ptr);
}

template<typename Number>
void AppendFloat(std::string& out, Number number)
{
    if (number == 0 && std::signbit(number)) {
        out += "-0.0";
    } else {
        AppendNumber(out, number);
    }
}

bool IsPlainPath(std::string_view name)
{
    bool at_start{true};
    for (const char c : name) {
        if (!(at_start ? IsNameStart(c) : IsNamePart(c) || c == '.')) return false;
        at_start = c == '.';
    }
    return !at_start;
}

} // namespace

void ValuePrinter::PrintNumber(uint64_t number) { AppendNumber(m_out, number); }

void ValuePrinter::PrintName(std::string_view name)
{
    const bool plain{IsPlainPath(name)};
    if (!plain) m_out += '`';
    m_out += name;
    if (!plain) m_out += '`';
}

// As a quoted text if at most a quarter of the bytes need an `\xNN`, otherwise in hexadecimal.
void ValuePrinter::PrintBytes(std::string_view bytes)
{
    const size_t escaped(std::ranges::count_if(
        bytes, [](unsigned char c) { return (c < 0x20 || c >= 0x7f) && c != '\n' && c != '\t' && c != '\r'; }));
    if (escaped * 4 <= bytes.size()) {
        m_out += base::Quote(bytes);
    } else {
        m_out += "0x\"";
        m_out += base::ToHex(bytes);
        m_out += '"';
    }
}

void ValuePrinter::PrintFloat(schema::Kind kind, uint64_t bits)
{
    const bool narrow{kind == schema::Kind::FLOAT32};
    const double number{narrow ? std::bit_cast<float>(static_cast<uint32_t>(bits)) : std::bit_cast<double>(bits)};
    if (std::isnan(number)) {
        m_out += "nan";
        if (bits == (narrow ? NAN32 : NAN64)) return;
        char buffer[16];
        const auto result{std::to_chars(std::begin(buffer), std::end(buffer), bits, 16)};
        m_out += ":0x";
        m_out.append(buffer, result.ptr);
    } else if (std::isinf(number)) {
        m_out += number < 0 ? "-inf" : "inf";
    } else if (narrow) {
        AppendFloat(m_out, static_cast<float>(number));
    } else {
        AppendFloat(m_out, number);
    }
}

void ValuePrinter::PrintEnum(schema::Type type, uint16_t raw)
{
    if (type.kind == schema::Kind::ENUM) {
        const auto& enumerants{m_schema.Enums().at(type.index).enumerants};
        if (raw < enumerants.size()) {
            m_out += enumerants[raw];
            return;
        }
    }
    m_out += "enum(";
    PrintNumber(raw);
    m_out += ')';
}

schema::Type ValuePrinter::ElementType(schema::Type list) const
{
    return list.kind == schema::Kind::LIST ? m_schema.Element(list) : schema::Type{};
}

void ValuePrinter::PrintList(schema::Type type, const ListValue& list)
{
    m_out += '[';
    bool first{true};
    for (const Value& element : list.elements) {
        if (!first) m_out += ", ";
        first = false;
        Print(type, element);
    }
    m_out += ']';
}

void ValuePrinter::PrintRepeat(schema::Type type, const RepeatValue& repeat)
{
    m_out += '[';
    for (const Value& element : repeat.element) Print(type, element);
    m_out += " * ";
    PrintNumber(repeat.count);
    m_out += ']';
}

void ValuePrinter::PrintAny(const AnyValue& any)
{
    m_out += "any ";
    PrintName(m_schema.TypeName(any.type));
    m_out += ' ';
    for (const Value& content : any.value) Print(any.type, content);
}

void ValuePrinter::PrintFields(uint32_t struct_index, const std::vector<FieldValue>& fields)
{
    const auto& declared{m_schema.GetStruct(struct_index).fields};
    m_out += '(';
    bool first{true};
    for (const FieldValue& field : fields) {
        if (!first) m_out += ", ";
        first = false;
        if (field.field < declared.size()) {
            m_out += declared[field.field].name;
            m_out += " = ";
            Print(declared[field.field].type, field.value);
        } else {
            m_out += '#';
            PrintNumber(field.field);
        }
    }
    m_out += ')';
}

void ValuePrinter::Print(schema::Type type, const Value& value)
{
    const Overloaded visitor{
        [&](const Void&) { m_out += "void"; },
        [&](bool truth) { m_out += truth ? "true" : "false"; },
        [&](int64_t number) { AppendNumber(m_out, number); },
        [&](uint64_t number) { AppendNumber(m_out, number); },
        [&](const Float& number) { PrintFloat(type.kind, number.bits); },
        [&](const EnumValue& number) { PrintEnum(type, number.raw); },
        [&](const Blob& blob) { PrintBytes(blob.bytes); },
        [&](const Null&) { m_out += "null"; },
        [&](const ListValue& list) { PrintList(ElementType(type), list); },
        [&](const RepeatValue& repeat) { PrintRepeat(ElementType(type), repeat); },
        [&](const StructValue& fields) {
            if (type.kind == schema::Kind::STRUCT) return PrintFields(type.index, fields.fields);
            m_out += "(?)";
        },
        [&](const AnyValue& any) { PrintAny(any); },
        [&](const CapabilityRef& ref) { PrintReference(ref.step, ref.path); },
        [&](const DataRef& ref) { PrintData(ref); },
        [&](const ServedObject& object) {
            m_out += "serve ";
            PrintServed(object);
        },
        [&](const SeenCapability&) { m_out += "<capability>"; },
    };
    std::visit(visitor, value.content);
}

} // namespace mpfuzz::program
