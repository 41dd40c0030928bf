#include <mpfuzz/program/validate_value.h>

#include <mpfuzz/program/validate.h>

#include <algorithm>

namespace mpfuzz::program {

using schema::Kind;
using schema::Type;

bool HoldsCapability(Kind kind)
{
    return kind == Kind::INTERFACE || kind == Kind::CAPABILITY || kind == Kind::ANY_POINTER;
}

bool DataFits(const schema::Schema& schema, Type from, Type to)
{
    const auto is_bytes{[](Kind kind) { return kind == Kind::TEXT || kind == Kind::DATA; }};
    if (is_bytes(from.kind) && is_bytes(to.kind)) return true;
    if (schema::IsInteger(from.kind) && schema::IsInteger(to.kind)) return true;
    if (from != to) return false;
    if (to.kind == Kind::STRUCT) return !schema.GetStruct(to.index).is_group;
    return to.kind == Kind::BOOL || to.kind == Kind::FLOAT32 || to.kind == Kind::FLOAT64 || to.kind == Kind::ENUM ||
           to.kind == Kind::LIST;
}

bool ValueValidator::Fail(std::string fault)
{
    m_fault = std::move(fault);
    return false;
}

bool ValueValidator::AddWords(uint64_t words)
{
    m_words += m_repeats * words;
    return m_words <= MAX_WORDS || Fail("more than " + std::to_string(MAX_WORDS) + " words of values");
}

bool ValueValidator::CheckMethod(schema::MethodRef method)
{
    const auto& interfaces{m_schema.Interfaces()};
    return (method.interface < interfaces.size() && method.method < interfaces[method.interface].methods.size()) ||
           Fail("the schema has no such method");
}

bool ValueValidator::CheckStruct(uint32_t struct_index, const std::vector<FieldValue>& fields)
{
    const schema::Struct& type{m_schema.GetStruct(struct_index)};
    if (!AddWords(type.fields.size())) return false;
    const FieldValue* previous{nullptr};
    const schema::Field* branch{nullptr};
    for (const FieldValue& field : fields) {
        if (field.field >= type.fields.size()) return Fail(type.name + " has no such field");
        const schema::Field& declared{type.fields[field.field]};
        if (previous && previous->field >= field.field) return Fail(declared.name + " is out of order");
        if (declared.in_union && branch) return Fail(branch->name + " and " + declared.name + " cannot both be set");
        if (declared.in_union) branch = &declared;
        if (!CheckValue(declared.type, field.value, /*in_list=*/false)) {
            m_fault.insert(0, declared.name + ": ");
            return false;
        }
        previous = &field;
    }
    return true;
}

bool ValueValidator::CheckValue(Type type, const Value& value, bool in_list)
{
    if (m_depth >= MAX_DEPTH) return Fail("values nest deeper than " + std::to_string(MAX_DEPTH));
    ++m_depth;
    const bool valid{AddWords(1) && CheckContent(type, value, in_list)};
    --m_depth;
    return valid;
}

bool ValueValidator::CheckContent(Type type, const Value& value, bool in_list)
{
    if (const auto* data{value.As<DataRef>()}) return CheckData(type, *data);
    if (value.As<Null>() && schema::IsPointer(type.kind)) {
        if (type.kind != Kind::STRUCT) return true;
        if (m_schema.GetStruct(type.index).is_group) return Fail("a group cannot be null");
        return !in_list || Fail("a struct in a list cannot be null");
    }
    if (HoldsCapability(type.kind)) {
        if (const auto* ref{value.As<CapabilityRef>()}) return CheckCapability(*ref);
        if (const auto* object{value.As<ServedObject>()}) return CheckServed(*object);
    }
    switch (type.kind) {
    case Kind::LIST:
        if (const auto* list{value.As<ListValue>()}) return CheckList(m_schema.Element(type), *list);
        if (const auto* repeat{value.As<RepeatValue>()}) return CheckRepeat(m_schema.Element(type), *repeat);
        break;
    case Kind::STRUCT:
        if (const auto* fields{value.As<StructValue>()}) return CheckStruct(type.index, fields->fields);
        break;
    case Kind::ANY_POINTER:
    case Kind::ANY_STRUCT:
    case Kind::ANY_LIST:
        if (const auto* any{value.As<AnyValue>()}) return CheckAny(type, *any);
        break;
    default: return CheckScalar(type, value);
    }
    return Fail("the value is not a " + m_schema.TypeName(type));
}

bool ValueValidator::CheckScalar(Type type, const Value& value)
{
    if (schema::IsInteger(type.kind)) return CheckInteger(type.kind, value);
    if (type.kind == Kind::VOID && value.As<Void>()) return true;
    if (type.kind == Kind::BOOL && value.As<bool>()) return true;
    if (type.kind == Kind::ENUM && value.As<EnumValue>()) return true;
    if (type.kind == Kind::FLOAT64 && value.As<Float>()) return true;
    if (type.kind == Kind::FLOAT32 && value.As<Float>()) {
        return value.As<Float>()->bits <= UINT32_MAX || Fail("a Float32 has only 32 bits");
    }
    if (type.kind == Kind::TEXT || type.kind == Kind::DATA) {
        if (const auto* blob{value.As<Blob>()}) return AddWords(blob->bytes.size() / 8);
    }
    return Fail("the value is not a " + m_schema.TypeName(type));
}

bool ValueValidator::CheckInteger(Kind kind, const Value& value)
{
    if (const auto* number{value.As<int64_t>()}; number && schema::MinInteger(kind) < 0) {
        const bool fits{*number < 0 ? *number >= schema::MinInteger(kind)
                                    : static_cast<uint64_t>(*number) <= schema::MaxInteger(kind)};
        return fits || Fail(std::to_string(*number) + " is out of range");
    }
    if (const auto* number{value.As<uint64_t>()}; number && schema::MinInteger(kind) == 0) {
        return *number <= schema::MaxInteger(kind) || Fail(std::to_string(*number) + " is out of range");
    }
    return Fail("the value is not an integer of that sign");
}

bool ValueValidator::CheckList(Type type, const ListValue& list)
{
    return std::ranges::all_of(list.elements,
                               [&](const Value& element) { return CheckValue(type, element, /*in_list=*/true); });
}

bool ValueValidator::CheckRepeat(Type type, const RepeatValue& repeat)
{
    if (repeat.element.size() != 1) return Fail("a repeated list must have exactly one element");
    if (repeat.count > MAX_REPEAT) return Fail("a list repeats more than " + std::to_string(MAX_REPEAT) + " times");
    const uint64_t outer{m_repeats};
    m_repeats *= repeat.count;
    if (m_repeats > MAX_WORDS) return Fail("more than " + std::to_string(MAX_WORDS) + " words of values");
    const bool valid{CheckValue(type, repeat.element[0], /*in_list=*/true)};
    m_repeats = outer;
    return valid;
}

bool ValueValidator::CheckAny(Type type, const AnyValue& any)
{
    if (any.value.size() != 1) return Fail("an untyped pointer must contain exactly one value");
    const Type inner{any.type};
    if (!schema::IsPointer(inner.kind) || inner.kind == Kind::ANY_POINTER || inner.kind == Kind::ANY_STRUCT ||
        inner.kind == Kind::ANY_LIST) {
        return Fail("an untyped pointer cannot hold a " + m_schema.TypeName(inner));
    }
    if ((type.kind == Kind::ANY_STRUCT && inner.kind != Kind::STRUCT) ||
        (type.kind == Kind::ANY_LIST && inner.kind != Kind::LIST)) {
        return Fail("an " + m_schema.TypeName(type) + " cannot hold a " + m_schema.TypeName(inner));
    }
    if (inner.kind == Kind::STRUCT &&
        (inner.index >= m_schema.Structs().size() || m_schema.GetStruct(inner.index).is_group)) {
        return Fail("an untyped pointer cannot hold a group");
    }
    if (inner.kind == Kind::INTERFACE && inner.index >= m_schema.Interfaces().size()) {
        return Fail("the schema has no such interface");
    }
    return CheckValue(inner, any.value[0], /*in_list=*/false);
}

bool ValueValidator::CheckData(Type type, const DataRef& ref)
{
    const auto* call{Earlier<Call>(ref.step, "call")};
    if (!call) return false;
    const auto found{TypeAt(m_schema, m_schema.GetMethod(call->method).results, ref.path)};
    if (!found || ref.path.size() > MAX_DEPTH) return Fail("the answer has no such field");
    if (!DataFits(m_schema, *found, type)) {
        return Fail(m_schema.TypeName(*found) + " cannot be used as " + m_schema.TypeName(type));
    }
    if (!ref.edits.empty() && type.kind != Kind::TEXT && type.kind != Kind::DATA) {
        return Fail("only Text and Data can be edited");
    }
    if (ref.edits.size() > MAX_DEPTH) return Fail("more than " + std::to_string(MAX_DEPTH) + " edits");
    for (const Edit& edit : ref.edits) {
        const bool has_bytes{edit.kind != Edit::Kind::FLIP && edit.kind != Edit::Kind::CUT};
        const bool has_number{edit.kind != Edit::Kind::PREPEND && edit.kind != Edit::Kind::APPEND};
        if ((!has_bytes && !edit.bytes.empty()) || (!has_number && edit.number != 0)) {
            return Fail("an edit has a number or bytes that its kind does not use");
        }
        if (!AddWords(edit.bytes.size() / 8)) return false;
    }
    return true;
}

bool ValueValidator::CheckCapability(const CapabilityRef& ref)
{
    if (m_refuse_capabilities) return Fail("a hand-made message cannot hold a capability");
    if (ref.step >= m_step) return Fail("step " + std::to_string(ref.step) + " is not an earlier one");
    const Step& step{m_program.steps[ref.step]};
    if (std::holds_alternative<Bootstrap>(step) || std::holds_alternative<Serve>(step)) {
        return ref.path.empty() || Fail("a capability has no fields");
    }
    const auto* call{std::get_if<Call>(&step)};
    if (!call) return Fail("step " + std::to_string(ref.step) + " has no capability");
    const auto type{TypeAt(m_schema, m_schema.GetMethod(call->method).results, ref.path)};
    if (!type || !HoldsCapability(type->kind) || ref.path.size() > MAX_DEPTH) {
        return Fail("the answer has no such capability");
    }
    return true;
}

bool ValueValidator::CheckServed(const ServedObject& object)
{
    if (m_refuse_capabilities) return Fail("a hand-made message cannot hold a capability");
    if (object.interface >= m_schema.Interfaces().size()) return Fail("the schema has no such interface");
    const Reaction* previous{nullptr};
    for (const Reaction& reaction : object.reactions) {
        if (previous && previous->method >= reaction.method) return Fail("reactions are out of order");
        if (!AddWords(1) || !CheckReaction(object.interface, reaction)) return false;
        previous = &reaction;
    }
    return true;
}

bool ValueValidator::CheckReaction(uint32_t interface, const Reaction& reaction)
{
    if (std::ranges::count(m_schema.GetInterface(interface).all_methods, reaction.method) == 0) {
        return Fail(m_schema.GetInterface(interface).name + " has no such method to react to");
    }
    const bool valid{CheckUnused(reaction) && (reaction.kind != Reaction::Kind::CALL || CheckCallback(reaction)) &&
                     CheckStruct(m_schema.GetMethod(reaction.method).results, reaction.results)};
    if (!valid) m_fault.insert(0, m_schema.GetMethod(reaction.method).name + ": ");
    return valid;
}

// Members that are not printed must have their default. Otherwise printing and parsing would change the program.
bool ValueValidator::CheckUnused(const Reaction& reaction)
{
    const Reaction unused{};
    if (reaction.kind > Reaction::Kind::DISCONNECT) return Fail("there is no such reaction");
    const bool throws{reaction.kind == Reaction::Kind::THROW};
    if (!throws && (reaction.exception != 0 || !reaction.message.empty())) return Fail("only `throw` has a message");
    if (reaction.exception > 3) return Fail("there is no such kind of exception");
    if (reaction.kind != Reaction::Kind::LATER && reaction.step != 0) return Fail("only `later` has a step");
    if (reaction.step > MAX_STEPS) return Fail("`later` needs a number from 0 to " + std::to_string(MAX_STEPS));
    if (reaction.kind != Reaction::Kind::CALL &&
        (!reaction.callback_target.empty() || reaction.callback != unused.callback)) {
        return Fail("only `call` has a target");
    }
    return reaction.Answers() || reaction.results.empty() || Fail("a call that is not answered has no results");
}

bool ValueValidator::CheckCallback(const Reaction& reaction)
{
    if (!CheckMethod(reaction.callback)) return false;
    const auto type{TypeAt(m_schema, m_schema.GetMethod(reaction.method).params, reaction.callback_target)};
    if (!type || !HoldsCapability(type->kind) || reaction.callback_target.size() > MAX_DEPTH) {
        return Fail("the parameters have no such capability");
    }
    return true;
}

} // namespace mpfuzz::program
