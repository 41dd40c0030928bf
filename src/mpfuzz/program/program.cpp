#include <mpfuzz/program/program.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::program {

namespace {

void ApplyEdit(std::string& bytes, const Edit& edit)
{
    switch (edit.kind) {
    case Edit::Kind::FLIP:
        if (edit.number / 8 < bytes.size()) {
            bytes[edit.number / 8] = static_cast<char>(bytes[edit.number / 8] ^ (1 << (edit.number % 8)));
        }
        break;
    case Edit::Kind::PUT:
        if (edit.number < bytes.size()) {
            const size_t length{std::min<size_t>(edit.bytes.size(), bytes.size() - edit.number)};
            bytes.replace(edit.number, length, edit.bytes, 0, length);
        }
        break;
    case Edit::Kind::CUT:
        if (edit.number < bytes.size()) bytes.resize(edit.number);
        break;
    case Edit::Kind::PREPEND: bytes.insert(0, edit.bytes); break;
    case Edit::Kind::APPEND: bytes += edit.bytes; break;
    }
}

auto LowerBound(auto& fields, uint32_t field)
{
    return std::ranges::lower_bound(fields, field, {}, &FieldValue::field);
}

} // namespace

const Value* StructValue::Find(uint32_t field) const
{
    const auto found{LowerBound(fields, field)};
    return found != fields.end() && found->field == field ? &found->value : nullptr;
}

Value* StructValue::Find(uint32_t field) { return const_cast<Value*>(std::as_const(*this).Find(field)); }

void StructValue::Set(uint32_t field, Value value)
{
    const auto found{LowerBound(fields, field)};
    if (found != fields.end() && found->field == field) {
        found->value = std::move(value);
    } else {
        fields.insert(found, FieldValue{.field = field, .value = std::move(value)});
    }
}

void StructValue::Erase(uint32_t field)
{
    const auto found{LowerBound(fields, field)};
    if (found != fields.end() && found->field == field) fields.erase(found);
}

// Not defaulted, because clang 14 crashes on an out-of-class `= default` if the types contain each other.
bool operator==(const StructValue& a, const StructValue& b) { return a.fields == b.fields; }
bool operator==(const ListValue& a, const ListValue& b) { return a.elements == b.elements; }
bool operator==(const RepeatValue& a, const RepeatValue& b) { return a.count == b.count && a.element == b.element; }
bool operator==(const AnyValue& a, const AnyValue& b) { return a.type == b.type && a.value == b.value; }
bool operator==(const Reaction& a, const Reaction& b)
{
    return a.kind == b.kind && a.method == b.method && a.results == b.results && a.exception == b.exception &&
           a.message == b.message && a.step == b.step && a.callback_target == b.callback_target &&
           a.callback == b.callback;
}
bool operator==(const ServedObject& a, const ServedObject& b)
{
    return a.interface == b.interface && a.reactions == b.reactions;
}

std::string ApplyEdits(std::string bytes, const std::vector<Edit>& edits)
{
    for (const Edit& edit : edits) ApplyEdit(bytes, edit);
    return bytes;
}

std::optional<schema::Type> TypeAt(const schema::Schema& schema, uint32_t struct_index, const Path& path)
{
    schema::Type type{schema::Kind::STRUCT, struct_index};
    for (const PathElement& element : path) {
        if (element.kind == PathElement::Kind::ELEMENT) {
            if (type.kind != schema::Kind::LIST) return std::nullopt;
            type = schema.Element(type);
        } else {
            if (type.kind != schema::Kind::STRUCT) return std::nullopt;
            const auto& fields{schema.GetStruct(type.index).fields};
            if (element.index >= fields.size()) return std::nullopt;
            type = fields[element.index].type;
        }
    }
    return type;
}

std::optional<uint32_t> InterfaceOf(const schema::Schema& schema, const Program& program, const CapabilityRef& ref)
{
    const Step& step{program.steps.at(ref.step)};
    if (const auto* bootstrap{std::get_if<Bootstrap>(&step)}) return bootstrap->interface;
    if (const auto* serve{std::get_if<Serve>(&step)}) return serve->object.interface;
    const auto* call{std::get_if<Call>(&step)};
    if (!call) return std::nullopt;
    const auto type{TypeAt(schema, schema.GetMethod(call->method).results, ref.path)};
    if (!type || type->kind != schema::Kind::INTERFACE) return std::nullopt;
    return type->index;
}

size_t CountCalls(const Program& program)
{
    return std::ranges::count_if(program.steps, [](const Step& step) { return std::holds_alternative<Call>(step); });
}

std::optional<StepIndex> ConnectionOf(const Program& program, StepIndex step)
{
    // References only name earlier steps, so this loop ends.
    while (const auto* call{std::get_if<Call>(&program.steps.at(step))}) step = call->target.step;
    const Step& origin{program.steps.at(step)};
    if (std::holds_alternative<Connect>(origin)) return step;
    if (const auto* bootstrap{std::get_if<Bootstrap>(&origin)}) return bootstrap->connection;
    if (const auto* disconnect{std::get_if<Disconnect>(&origin)}) return disconnect->connection;
    if (const auto* message{std::get_if<Message>(&origin)}) return message->connection;
    if (const auto* bytes{std::get_if<Bytes>(&origin)}) return bytes->connection;
    return std::nullopt;
}

} // namespace mpfuzz::program
