#include <mpfuzz/mutate/steps.h>
#include <mpfuzz/mutate/value_ref.h>

#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <iterator>

namespace mpfuzz::mutate {

using base::Rng;
using program::ArgumentPath;
using program::DataRef;
using program::Edit;
using program::ListValue;
using program::PathElement;
using program::Program;
using program::RepeatValue;
using program::StepIndex;
using program::StructValue;
using program::Value;
using schema::Kind;

namespace {

// All numbers here are guesses, unmeasured.

// ChangeList: largest number of elements of a ListValue, and largest counts of a RepeatValue. BreakValue makes longer
// lists.
constexpr size_t MAX_ELEMENTS{256};
constexpr uint64_t MAX_REPEATED_NUMBERS{20'000};
constexpr uint64_t MAX_REPEATED_POINTERS{200};
// TakeAnswer: weight of data from a field with the same name (other data have the weight 1); how often bytes are
// edited; and how many values it tries, because no answer may fit the first one.
constexpr uint32_t SAME_NAME_WEIGHT{8};
constexpr uint64_t EDITED_ONE_IN{3};
constexpr int TAKE_ANSWER_TRIES{4};
// EditAnswer: largest number of edits of one reference.
constexpr size_t MAX_EDITS{8};

uint64_t MakeCount(const Context& context, schema::Type element)
{
    return context.rng.SkewedLength(schema::IsPointer(element.kind) ? MAX_REPEATED_POINTERS : MAX_REPEATED_NUMBERS);
}

//! @return False if the list would become too long.
bool InsertElement(Context& context, schema::Type element, std::vector<Value>& elements)
{
    if (elements.size() >= MAX_ELEMENTS) return false;
    Rng& rng{context.rng};
    const bool copy{!elements.empty() && rng.OneIn(2)};
    Value value{copy ? Value{rng.Pick(elements)} : MakeAtom(context, element)};
    elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(rng.Below(elements.size() + 1)), std::move(value));
    return true;
}

bool ChangeElements(Context& context, schema::Type element, Value& list)
{
    Rng& rng{context.rng};
    auto& elements{list.As<ListValue>()->elements};
    if (elements.empty()) return InsertElement(context, element, elements);
    const size_t position{rng.Below(elements.size())};
    switch (rng.Below(6)) {
    case 0:
    case 1: return InsertElement(context, element, elements);
    case 2: elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(position)); return true;
    case 3: std::swap(elements[position], elements[rng.Below(elements.size())]); return true;
    case 4: elements.resize(position); return true;
    default: {
        Value repeated{std::move(elements[position])};
        list = RepeatValue{MakeCount(context, element), {std::move(repeated)}};
        return true;
    }
    }
}

void ChangeRepeat(Context& context, schema::Type element, Value& list)
{
    auto& repeat{*list.As<RepeatValue>()};
    if (context.rng.OneIn(3)) {
        // Convert it to a ListValue, whose elements can be changed one by one.
        const size_t length{static_cast<size_t>(std::min<uint64_t>(repeat.count, MAX_ELEMENTS))};
        list = ListValue{std::vector<Value>(length, Value{repeat.element.at(0)})};
    } else {
        repeat.count = MakeCount(context, element);
    }
}

} // namespace

bool ChangeList(Program& program, Context& context)
{
    const auto picked{PickValue(context, program, [](const ValueRef& candidate) {
        return candidate.type.kind == Kind::LIST && !candidate.value->As<DataRef>();
    })};
    if (!picked) return false;
    const schema::Type element{context.schema.Element(picked->type)};
    if (picked->value->As<program::Null>()) *picked->value = ListValue{};
    if (picked->value->As<ListValue>()) return ChangeElements(context, element, *picked->value);
    ChangeRepeat(context, element, *picked->value);
    return true;
}

bool ChangeFields(Program& program, Context& context)
{
    const auto picked{PickFields(context, program)};
    if (!picked) return false;
    const auto& declared{context.schema.GetStruct(picked->struct_index).fields};
    const auto field{static_cast<uint32_t>(context.rng.Below(declared.size()))};
    StructValue value{std::move(*picked->fields)};
    if (value.Find(field)) {
        value.Erase(field);
    } else {
        // At most one branch of a union may be set.
        if (declared[field].in_union) {
            std::erase_if(value.fields, [&](const auto& other) { return declared[other.field].in_union; });
        }
        value.Set(field, MakeAtom(context, declared[field].type));
    }
    *picked->fields = std::move(value.fields);
    return true;
}

namespace {

//! Parameters that are not set. Includes branches of a union only if no branch is set.
std::vector<ArgumentPath> UnsetParameters(const schema::Struct& params, const StructValue& arguments)
{
    bool has_branch{false};
    for (const program::FieldValue& field : arguments.fields) has_branch |= params.fields[field.field].in_union;
    std::vector<ArgumentPath> unset;
    for (uint32_t field{0}; field < params.fields.size(); ++field) {
        if (arguments.Find(field) || (has_branch && params.fields[field].in_union)) continue;
        unset.push_back({params.fields[field].type, {{PathElement::Kind::FIELD, field}}});
    }
    return unset;
}

//! The context that value sources get for an argument. It names the innermost field on the argument's path.
domain::SourceContext SourceContextOf(const schema::Schema& schema, const program::Step& step,
                                      const program::CapabilityRef& target, const ArgumentPath& argument)
{
    const schema::MethodRef method{std::get<program::Call>(step).method};
    // Start with the parameter: if it is not set, VisitValues() finds no value at this path.
    uint32_t struct_index{schema.GetMethod(method).params};
    const schema::Field* field{&schema.GetStruct(struct_index).fields.at(argument.path.at(0).index)};
    program::VisitValues(schema, step, [&](const Value&, const program::ValuePosition& at) {
        if (at.in_served || at.depth + 1 != argument.path.size() || at.GetPath() != argument.path) return;
        struct_index = at.fields->struct_index;
        field = at.field;
    });
    return {schema, argument.type, schema.GetStruct(struct_index), field->name, method, target};
}

} // namespace

bool MakeValueAnew(Program& program, Context& context)
{
    const auto picked{PickCallWithParameters(context.schema, program, context.rng)};
    if (!picked) return false;
    StepIndex step{*picked};
    const auto& call{std::get<program::Call>(program.steps[step])};
    const schema::Struct& params{context.schema.GetStruct(context.schema.GetMethod(call.method).params)};
    const std::vector<ArgumentPath> set{program::ArgumentPaths(context.schema, program.steps[step])};
    const std::vector<ArgumentPath> unset{UnsetParameters(params, call.arguments)};
    const bool take_unset{!unset.empty() && (set.empty() || context.rng.OneIn(4))};
    const ArgumentPath argument{context.rng.Pick(take_unset ? unset : set)};

    const program::CapabilityRef target{call.target};
    const domain::SourceContext source_context{SourceContextOf(context.schema, program.steps[step], target, argument)};
    Value value{context.generator.MakeValueFor(program, step, source_context, context.rng)};
    // A struct in a list cannot be null.
    const bool is_element{argument.path.back().kind == PathElement::Kind::ELEMENT};
    if (is_element && argument.type.kind == Kind::STRUCT && value.As<program::Null>()) value = StructValue{};
    if (take_unset) {
        std::get<program::Call>(program.steps[step]).arguments.Set(argument.path[0].index, std::move(value));
    } else {
        program::At(program.steps[step], argument) = std::move(value);
    }
    return true;
}

namespace {

//! Picks data from the answer to an earlier call that fits the value, preferably from a field with the same name. Skips
//! calls that may never be answered, because the step that refers to the data would wait for the answer.
std::optional<DataRef> PickAnswer(const Context& context, const Program& program, const ValueRef& value)
{
    const generate::Inventory inventory{context.Before(program, value.step)};
    std::vector<DataRef> answers;
    std::vector<uint32_t> weights;
    for (StepIndex step{0}; step < value.step; ++step) {
        const auto* call{std::get_if<program::Call>(&program.steps[step])};
        if (!call || inventory.MayHang(step) || inventory.Cancelled(step)) continue;
        for (const generate::DataResult& data : context.schema_index.Data(call->method)) {
            if (!program::DataFits(context.schema, data.type, value.type)) continue;
            answers.push_back({step, data.path, {}});
            weights.push_back(data.field == value.field ? SAME_NAME_WEIGHT : 1);
        }
    }
    if (answers.empty()) return std::nullopt;
    return std::move(answers[context.rng.Weighted(weights)]);
}

} // namespace

bool TakeAnswer(Program& program, Context& context)
{
    for (int i{0}; i < TAKE_ANSWER_TRIES; ++i) {
        const auto picked{PickValue(context, program, [&](const ValueRef& candidate) {
            return !candidate.served && program::DataFits(context.schema, candidate.type, candidate.type);
        })};
        if (!picked) return false;
        auto answer{PickAnswer(context, program, *picked)};
        if (!answer) continue;
        if (IsBlob(picked->type.kind) && context.rng.OneIn(EDITED_ONE_IN)) {
            answer->edits = generate::MakeEdits(context.rng);
        }
        *picked->value = std::move(*answer);
        return true;
    }
    return false;
}

namespace {

void ChangeEdit(Rng& rng, Edit& edit)
{
    const bool has_bytes{edit.kind != Edit::Kind::FLIP && edit.kind != Edit::Kind::CUT};
    const bool has_number{edit.kind != Edit::Kind::PREPEND && edit.kind != Edit::Kind::APPEND};
    if (has_number && (!has_bytes || rng.OneIn(2))) {
        edit.number += rng.OneIn(2) || edit.number == 0 ? 1 : -uint64_t{1};
    } else {
        edit.bytes = generate::RandomBytes(rng, 1 + rng.SkewedLength(7));
    }
}

} // namespace

bool EditAnswer(Program& program, Context& context)
{
    const auto picked{PickValue(context, program, [](const ValueRef& candidate) {
        return IsBlob(candidate.type.kind) && candidate.value->As<DataRef>();
    })};
    if (!picked) return false;
    Rng& rng{context.rng};
    auto& edits{picked->value->As<DataRef>()->edits};
    const uint64_t way{edits.empty() ? 0 : rng.Below(4)};
    if (way <= 1) {
        std::ranges::move(generate::MakeEdits(rng), std::back_inserter(edits));
        if (edits.size() > MAX_EDITS) edits.erase(edits.begin(), edits.end() - MAX_EDITS);
    } else if (way == 2) {
        edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(rng.Below(edits.size())));
    } else {
        ChangeEdit(rng, rng.Pick(edits));
    }
    return true;
}

} // namespace mpfuzz::mutate
