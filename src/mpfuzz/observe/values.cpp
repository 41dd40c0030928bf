#include <mpfuzz/observe/values.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/program/lexer.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <span>

namespace mpfuzz::observe {
namespace {

using program::StructValue;
using program::Value;
using schema::Kind;

template<typename Number>
std::optional<Number> ParseNumber(std::string_view text)
{
    Number number{};
    const auto [end, error]{std::from_chars(text.data(), text.data() + text.size(), number)};
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

template<typename Number>
std::optional<Value> NumberValue(std::string_view text)
{
    const auto number{ParseNumber<Number>(text)};
    return number ? std::optional<Value>{*number} : std::nullopt;
}

bool IsSigned(Kind kind) { return kind >= Kind::INT8 && kind <= Kind::INT64; }

std::optional<Value> ZeroOf(Kind kind)
{
    switch (kind) {
    case Kind::VOID: return Value{program::Void{}};
    case Kind::BOOL: return Value{false};
    case Kind::FLOAT32:
    case Kind::FLOAT64: return Value{program::Float{}};
    case Kind::TEXT:
    case Kind::DATA: return Value{program::Blob{}};
    case Kind::LIST: return Value{program::ListValue{}};
    case Kind::ENUM: return Value{program::EnumValue{}};
    case Kind::STRUCT: return Value{StructValue{}};
    default: break;
    }
    if (!schema::IsInteger(kind)) return std::nullopt;
    return IsSigned(kind) ? Value{int64_t{0}} : Value{uint64_t{0}};
}

std::optional<Value> ParseBytes(std::string_view text)
{
    const program::Token token{program::Lexer{text}.Next()};
    if (token.kind == program::Token::Kind::HEX) {
        auto bytes{base::FromHex(token.text)};
        return bytes ? std::optional<Value>{program::Blob{std::move(*bytes)}} : std::nullopt;
    }
    std::string bytes;
    if (token.kind != program::Token::Kind::STRING || !program::Unquote(token.text, bytes)) return std::nullopt;
    return program::Blob{std::move(bytes)};
}

std::optional<Value> ParseFloat(Kind kind, std::string_view text)
{
    if (kind == Kind::FLOAT32) {
        const auto number{ParseNumber<float>(text)};
        return number ? std::optional<Value>{program::Float{std::bit_cast<uint32_t>(*number)}} : std::nullopt;
    }
    const auto number{ParseNumber<double>(text)};
    return number ? std::optional<Value>{program::Float{std::bit_cast<uint64_t>(*number)}} : std::nullopt;
}

//! True if a number is in the range of a field's type, so that it is not cut when it is put into the field.
bool Fits(Kind kind, const Value& value)
{
    if (!schema::IsInteger(kind)) return true;
    if (const auto* number{value.As<int64_t>()}) {
        return *number >= schema::MinInteger(kind) &&
               (*number < 0 || static_cast<uint64_t>(*number) <= schema::MaxInteger(kind));
    }
    const auto* natural{value.As<uint64_t>()};
    return natural && *natural <= schema::MaxInteger(kind);
}

//! @param fields  Null if the struct is not set.
std::optional<Value> ValueIn(const schema::Schema& schema, uint32_t struct_index, const StructValue* fields,
                             std::span<const program::PathElement> path, const FindData& find)
{
    const schema::Field& field{schema.GetStruct(struct_index).fields.at(path.front().index)};
    const Value* value{fields ? fields->Find(path.front().index) : nullptr};
    if (!value && field.in_union) return std::nullopt;
    std::optional<Value> found;
    if (const auto* data{value ? value->As<program::DataRef>() : nullptr}) {
        if (find) found = find(*data);
        if (!found || !Fits(field.type.kind, *found)) return std::nullopt;
        value = &*found;
    }
    if (value && value->As<program::Null>()) value = nullptr;
    if (path.size() == 1) return value ? std::optional<Value>{*value} : DefaultOf(schema, field);
    if (field.type.kind != Kind::STRUCT) return std::nullopt;
    if (value && !value->As<StructValue>()) return std::nullopt;
    if (!value && !field.default_value.empty()) return std::nullopt;
    return ValueIn(schema, field.type.index, value ? value->As<StructValue>() : nullptr, path.subspan(1), find);
}

//! The value at a path in an answer. Returns nullptr if there is none.
const Value* Find(const StructValue& answer, const program::Path& path)
{
    const StructValue* fields{&answer};
    const Value* value{nullptr};
    for (const program::PathElement& element : path) {
        if (value) fields = value->As<StructValue>();
        if (element.kind == program::PathElement::Kind::FIELD) {
            value = fields ? fields->Find(element.index) : nullptr;
        } else {
            const auto* list{value ? value->As<program::ListValue>() : nullptr};
            value = list && element.index < list->elements.size() ? &list->elements[element.index] : nullptr;
        }
        if (!value) return nullptr;
    }
    return value;
}

//! The value to which a reference referred when its call was sent: see execute::Session.
std::optional<Value> FollowReference(const trace::Trace& trace, program::StepIndex call, const program::DataRef& ref)
{
    const trace::Outcome& origin{trace.outcomes[ref.step]};
    if (origin.status != trace::Status::ANSWERED || !origin.answer || !IsWhole(*origin.answer)) return std::nullopt;
    if (origin.ended_ns > trace.outcomes[call].sent_ns) return std::nullopt;
    if (ref.path.empty()) return Value{*origin.answer};
    const Value* found{Find(*origin.answer, ref.path)};
    if (!found) return std::nullopt;
    Value value{*found};
    if (auto* blob{value.As<program::Blob>()}) blob->bytes = program::ApplyEdits(std::move(blob->bytes), ref.edits);
    return value;
}

//! The sizes of an answer that are limited when it is read.
struct Extent {
    size_t bytes{0};
    size_t elements{0};
    unsigned depth{0};

    void Add(const Value& value, unsigned at)
    {
        depth = std::max(depth, at);
        if (const auto* blob{value.As<program::Blob>()}) bytes += blob->bytes.size();
        if (const auto* fields{value.As<StructValue>()}) Add(*fields, at);
        if (const auto* list{value.As<program::ListValue>()}) {
            elements += list->elements.size();
            for (const Value& element : list->elements) Add(element, at + 1);
        }
    }
    void Add(const StructValue& fields, unsigned at)
    {
        for (const program::FieldValue& field : fields.fields) Add(field.value, at + 1);
    }
};

std::optional<std::string> DifferenceInStruct(const schema::Schema& schema, uint32_t index, const StructValue& a,
                                              const StructValue& b)
{
    const schema::Struct& type{schema.GetStruct(index)};
    for (uint32_t i{0}; i < type.fields.size(); ++i) {
        const schema::Field& field{type.fields[i]};
        const Value* in_a{a.Find(i)};
        const Value* in_b{b.Find(i)};
        if (!in_a && !in_b) continue;
        // If only one of them is set, compare it with null or with the default.
        const auto filled{[&](const Value* value) -> std::optional<Value> {
            if (value && !value->As<program::Null>()) return *value;
            if (schema::IsPointer(field.type.kind) && !ZeroOf(field.type.kind)) return Value{program::Null{}};
            return DefaultOf(schema, field);
        }};
        const auto left{filled(in_a)}, right{filled(in_b)};
        if (!left || !right) continue;
        if (auto inner{FirstDifference(schema, field.type, *left, *right)}) return "." + field.name + *inner;
    }
    return std::nullopt;
}

std::optional<std::string> DifferenceInList(const schema::Schema& schema, schema::Type element,
                                            const program::ListValue& a, const program::ListValue& b)
{
    if (a.elements.size() != b.elements.size()) return "[]";
    for (size_t i{0}; i < a.elements.size(); ++i) {
        if (auto inner{FirstDifference(schema, element, a.elements[i], b.elements[i])}) return "[]" + *inner;
    }
    return std::nullopt;
}

} // namespace

std::optional<Value> DefaultOf(const schema::Schema& schema, const schema::Field& field)
{
    const std::string& text{field.default_value};
    const Kind kind{field.type.kind};
    if (text.empty()) return ZeroOf(kind);
    if (kind == Kind::BOOL) return Value{text == "true"};
    if (schema::IsInteger(kind)) return IsSigned(kind) ? NumberValue<int64_t>(text) : NumberValue<uint64_t>(text);
    if (kind == Kind::FLOAT32 || kind == Kind::FLOAT64) return ParseFloat(kind, text);
    if (kind == Kind::TEXT || kind == Kind::DATA) return ParseBytes(text);
    if (kind != Kind::ENUM) return std::nullopt;
    const auto& enumerants{schema.Enums().at(field.type.index).enumerants};
    const auto found{std::ranges::find(enumerants, text)};
    if (found == enumerants.end()) return std::nullopt;
    return program::EnumValue{static_cast<uint16_t>(found - enumerants.begin())};
}

std::optional<Value> ValueAt(const schema::Schema& schema, uint32_t struct_index, const StructValue& value,
                             const program::Path& path, const FindData& find)
{
    CHECK(!path.empty());
    return ValueIn(schema, struct_index, &value, path, find);
}

std::optional<Value> ArgumentAt(const schema::Schema& schema, const program::Program& program,
                                const trace::Trace& trace, program::StepIndex call, const program::Path& path)
{
    const auto& step{std::get<program::Call>(program.steps.at(call))};
    return ValueAt(schema, schema.GetMethod(step.method).params, step.arguments, path,
                   [&](const program::DataRef& ref) { return FollowReference(trace, call, ref); });
}

bool HasCapability(const program::StructValue& answer, const program::Path& path)
{
    const Value* value{Find(answer, path)};
    return value && value->As<program::SeenCapability>();
}

bool IsWhole(const StructValue& answer)
{
    Extent extent;
    extent.Add(answer, 0);
    return extent.bytes < trace::MAX_ANSWER_BYTES && extent.elements < trace::MAX_ANSWER_ELEMENTS &&
           extent.depth < trace::MAX_ANSWER_DEPTH;
}

std::optional<std::string> FirstDifference(const schema::Schema& schema, schema::Type type, const Value& a,
                                           const Value& b)
{
    // A null element of a list has the zero value of its type.
    if (a.As<program::Null>() && !b.As<program::Null>()) return FirstDifference(schema, type, b, a);
    if (b.As<program::Null>() && !a.As<program::Null>()) {
        const auto zero{ZeroOf(type.kind)};
        return zero ? FirstDifference(schema, type, a, *zero) : std::optional<std::string>{""};
    }
    const auto* fields{a.As<StructValue>()};
    const auto* other_fields{b.As<StructValue>()};
    if (fields && other_fields && type.kind == Kind::STRUCT)
        return DifferenceInStruct(schema, type.index, *fields, *other_fields);
    const auto* list{a.As<program::ListValue>()};
    const auto* other_list{b.As<program::ListValue>()};
    if (list && other_list && type.kind == Kind::LIST)
        return DifferenceInList(schema, schema.Element(type), *list, *other_list);
    return a == b ? std::nullopt : std::optional<std::string>{""};
}

} // namespace mpfuzz::observe
