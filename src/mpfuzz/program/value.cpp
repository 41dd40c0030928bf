#include <mpfuzz/program/value.h>

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

// Spelt out because clang 14 crashes on `= default` out of class for types that contain each other.
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

} // namespace mpfuzz::program
