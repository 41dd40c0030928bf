#include <mpfuzz/generate/values.h>

#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/generate/program_builder.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mpfuzz::generate {

using domain::SourceContext;
using program::Value;
using schema::Kind;
using schema::Type;

namespace {

// All numbers here are guesses, unmeasured.
constexpr unsigned ENUM_OUT_OF_RANGE_PERCENT{2};
constexpr unsigned ENUM_OUT_OF_RANGE_MISBEHAVING_PERCENT{20};
constexpr unsigned ANSWER_AS_BLOB_PERCENT{25};
constexpr unsigned ANSWER_AS_NUMBER_PERCENT{10};
constexpr unsigned EDITED_ANSWER_PERCENT{40};
constexpr unsigned NULL_POINTER_PERCENT{4};
constexpr unsigned SET_PARAMETER_PERCENT{90};
constexpr unsigned SET_NESTED_FIELD_PERCENT{70};
constexpr unsigned SET_SOURCED_FIELD_PERCENT{97};
constexpr uint64_t NO_BRANCH_ONE_IN{10};

// Maximum number of elements of a ListValue, maximum counts of a RepeatValue, and maximum number of values in its
// element.
constexpr uint64_t MAX_ELEMENTS{48};
constexpr uint64_t REPEAT_ONE_IN{40};
constexpr uint64_t MAX_REPEATED_NUMBERS{20'000};
constexpr uint64_t MAX_REPEATED_POINTERS{200};
constexpr unsigned MAX_REPEATED_NODES{8};

//! Decreases the budget's depth while it exists.
class DepthGuard
{
public:
    explicit DepthGuard(Budget& budget) : m_budget{budget} { --m_budget.depth; }
    ~DepthGuard() { ++m_budget.depth; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

private:
    Budget& m_budget;
};

bool IsBlob(Kind kind) { return kind == Kind::TEXT || kind == Kind::DATA; }

//! A reference to data in an earlier answer. Prefers a field with the same name. Sometimes edits the bytes.
std::optional<Value> MakeAnswer(ProgramBuilder& builder, const SourceContext& source_context, Type type)
{
    base::Rng& rng{builder.GetRng()};
    const bool number{type.kind == Kind::BOOL || type.kind == Kind::ENUM || type.kind == Kind::FLOAT32 ||
                      type.kind == Kind::FLOAT64 || schema::IsInteger(type.kind)};
    const bool list{type.kind == Kind::LIST};
    if (builder.GetBudget().served_depth > 0 || !(number || list || IsBlob(type.kind))) return std::nullopt;
    if (!rng.Percent(number ? ANSWER_AS_NUMBER_PERCENT : ANSWER_AS_BLOB_PERCENT)) return std::nullopt;

    std::vector<program::DataRef> answers{builder.Answers(type, {source_context.field}, source_context.target.step)};
    if (answers.empty()) answers = builder.Answers(type, {}, source_context.target.step);
    if (answers.empty()) return std::nullopt;
    program::DataRef chosen{rng.Pick(answers)};
    if (IsBlob(type.kind) && rng.Percent(EDITED_ANSWER_PERCENT)) chosen.edits = MakeEdits(rng);
    return chosen;
}

Value MakeEnum(ProgramBuilder& builder, Type type)
{
    base::Rng& rng{builder.GetRng()};
    const size_t known{builder.GetSchemaIndex().GetSchema().Enums().at(type.index).enumerants.size()};
    const unsigned percent{builder.Misbehaves() ? ENUM_OUT_OF_RANGE_MISBEHAVING_PERCENT : ENUM_OUT_OF_RANGE_PERCENT};
    if (known > 0 && !rng.Percent(percent)) return program::EnumValue{static_cast<uint16_t>(rng.Below(known))};
    return program::EnumValue{static_cast<uint16_t>(rng.OneIn(2) ? known : rng.Below(0x10000))};
}

Value MakeElement(ProgramBuilder& builder, const SourceContext& source_context)
{
    Value value{MakeValue(builder, source_context)};
    // In a list, structs are stored inline, without a pointer. So they cannot be null.
    if (source_context.type.kind == Kind::STRUCT && value.As<program::Null>()) return program::StructValue{};
    return value;
}

Value MakeList(ProgramBuilder& builder, const SourceContext& source_context, Type type)
{
    base::Rng& rng{builder.GetRng()};
    Budget& budget{builder.GetBudget()};
    const Type element{source_context.schema.Element(type)};
    const SourceContext inner{source_context.schema, element,
                              source_context.owner,  source_context.field,
                              source_context.method, source_context.target};
    const bool pointers{schema::IsPointer(element.kind)};
    const DepthGuard depth_guard{budget};
    if (budget.may_repeat && rng.OneIn(REPEAT_ONE_IN)) {
        budget.may_repeat = false;
        const unsigned saved{std::exchange(budget.nodes, std::min(budget.nodes, MAX_REPEATED_NODES))};
        program::RepeatValue repeat;
        repeat.count = rng.SkewedLength(pointers ? MAX_REPEATED_POINTERS : MAX_REPEATED_NUMBERS);
        repeat.element.push_back(MakeElement(builder, inner));
        budget.nodes = saved - 1;
        return repeat;
    }
    program::ListValue list;
    const uint64_t length{std::min<uint64_t>(rng.SkewedLength(MAX_ELEMENTS), budget.nodes)};
    for (uint64_t i{0}; i < length && budget.nodes > 0; ++i) list.elements.push_back(MakeElement(builder, inner));
    return list;
}

//! The branch of the unnamed union to set. Returns nullopt if the struct has no union, or if no branch is to be set.
std::optional<uint32_t> PickBranch(base::Rng& rng, const schema::Struct& owner)
{
    std::vector<uint32_t> branches;
    for (uint32_t field{0}; field < owner.fields.size(); ++field) {
        if (owner.fields[field].in_union) branches.push_back(field);
    }
    if (branches.empty() || rng.OneIn(NO_BRANCH_ONE_IN)) return std::nullopt;
    return rng.Pick(branches);
}

bool HasSource(const ProgramBuilder& builder, const SourceContext& source_context)
{
    for (const domain::Domain& domain : builder.GetSchemaIndex().Domains()) {
        for (const domain::ValueSource& source : domain.sources) {
            if (source.fits(source_context)) return true;
        }
    }
    return false;
}

bool ShouldSet(ProgramBuilder& builder, const SourceContext& source_context, const schema::Field& field,
               bool is_parameter)
{
    base::Rng& rng{builder.GetRng()};
    const bool pointer{schema::IsPointer(field.type.kind)};
    if (field.in_union || field.is_group) return true;
    if (builder.GetBudget().nodes == 0) return false;
    if (is_parameter && pointer && !builder.Misbehaves()) return true;
    if (HasSource(builder, source_context)) return rng.Percent(SET_SOURCED_FIELD_PERCENT);
    return rng.Percent(is_parameter ? SET_PARAMETER_PERCENT : SET_NESTED_FIELD_PERCENT);
}

std::optional<Type> PickStruct(base::Rng& rng, const schema::Schema& schema)
{
    std::vector<uint32_t> candidates;
    for (uint32_t index{0}; index < schema.Structs().size(); ++index) {
        const schema::Struct& candidate{schema.GetStruct(index)};
        if (!candidate.is_group && !candidate.is_method_struct) candidates.push_back(index);
    }
    if (candidates.empty()) return std::nullopt;
    return Type{Kind::STRUCT, rng.Pick(candidates)};
}

//! A list type that the schema has.
std::optional<Type> PickList(base::Rng& rng, const schema::Schema& schema)
{
    static constexpr std::array KINDS{Kind::BOOL,    Kind::INT8,   Kind::INT16,  Kind::INT32,  Kind::INT64,
                                      Kind::UINT8,   Kind::UINT16, Kind::UINT32, Kind::UINT64, Kind::FLOAT32,
                                      Kind::FLOAT64, Kind::TEXT,   Kind::DATA,   Kind::VOID};
    std::vector<Type> candidates;
    for (const Kind kind : KINDS) {
        if (const auto list{schema.FindList({kind, 0})}) candidates.push_back(*list);
    }
    for (uint32_t index{0}; index < schema.Structs().size(); ++index) {
        if (const auto list{schema.FindList({Kind::STRUCT, index})}) candidates.push_back(*list);
    }
    if (candidates.empty()) return std::nullopt;
    return rng.Pick(candidates);
}

//! A value for a field that takes any pointer, struct, list or capability.
Value MakeAny(ProgramBuilder& builder, const SourceContext& source_context, Kind kind)
{
    // Null, text, data, list, struct, capability.
    static constexpr std::array<uint32_t, 6> POINTER{10, 20, 15, 15, 25, 15};
    static constexpr std::array<uint32_t, 6> STRUCT{10, 0, 0, 0, 90, 0};
    static constexpr std::array<uint32_t, 6> LIST{10, 0, 0, 90, 0, 0};
    static constexpr std::array<uint32_t, 6> CAPABILITY{0, 0, 0, 0, 0, 100};
    base::Rng& rng{builder.GetRng()};
    const auto& weights{kind == Kind::ANY_STRUCT   ? STRUCT
                        : kind == Kind::ANY_LIST   ? LIST
                        : kind == Kind::CAPABILITY ? CAPABILITY
                                                   : POINTER};
    std::optional<Type> type;
    switch (rng.Weighted(weights)) {
    case 0: break;
    case 1: type = Type{Kind::TEXT, 0}; break;
    case 2: type = Type{Kind::DATA, 0}; break;
    case 3: type = PickList(rng, source_context.schema); break;
    case 4: type = PickStruct(rng, source_context.schema); break;
    default: type = Type{Kind::INTERFACE, static_cast<uint32_t>(rng.Below(source_context.schema.Interfaces().size()))};
    }
    if (!type) return program::Null{};
    Value value{MakePlain(builder, source_context, *type)};
    // Null and capabilities are stored without a type.
    if (type->kind == Kind::INTERFACE || value.As<program::Null>()) return value;
    return program::AnyValue{*type, {std::move(value)}};
}

} // namespace

Value ZeroValue(const schema::Schema& schema, Type type)
{
    switch (type.kind) {
    case Kind::VOID: return program::Void{};
    case Kind::BOOL: return false;
    case Kind::FLOAT32:
    case Kind::FLOAT64: return program::Float{};
    case Kind::ENUM: return program::EnumValue{};
    case Kind::STRUCT:
        if (schema.GetStruct(type.index).is_group) return program::StructValue{};
        return program::Null{};
    default: break;
    }
    if (!schema::IsInteger(type.kind)) return program::Null{};
    if (schema::MinInteger(type.kind) < 0) return int64_t{0};
    return uint64_t{0};
}

program::StructValue MakeFields(ProgramBuilder& builder, const SourceContext& source_context, uint32_t struct_index)
{
    const schema::Schema& schema{source_context.schema};
    const schema::Struct& owner{schema.GetStruct(struct_index)};
    const bool is_parameter{schema.GetMethod(source_context.method).params == struct_index};
    const auto branch{PickBranch(builder.GetRng(), owner)};
    program::StructValue value;
    for (uint32_t i{0}; i < owner.fields.size(); ++i) {
        const schema::Field& field{owner.fields[i]};
        if (field.in_union && branch != i) continue;
        const SourceContext inner{schema, field.type, owner, field.name, source_context.method, source_context.target};
        if (ShouldSet(builder, inner, field, is_parameter)) value.fields.push_back({i, MakeValue(builder, inner)});
    }
    return value;
}

program::StructValue MakeArguments(ProgramBuilder& builder, schema::MethodRef method,
                                   const program::CapabilityRef& target)
{
    const schema::Schema& schema{builder.GetSchemaIndex().GetSchema()};
    const uint32_t params{schema.GetMethod(method).params};
    const SourceContext source_context{schema, {Kind::STRUCT, params}, schema.GetStruct(params), "", method, target};
    // A call that is made for another call's argument has its own budget.
    const Budget outer{std::exchange(builder.GetBudget(), Budget{})};
    program::StructValue arguments{MakeFields(builder, source_context, params)};
    builder.GetBudget() = outer;
    return arguments;
}

Value MakeValue(ProgramBuilder& builder, const SourceContext& source_context)
{
    if (builder.GetBudget().served_depth == 0) {
        for (const domain::Domain& domain : builder.GetSchemaIndex().Domains()) {
            for (const domain::ValueSource& source : domain.sources) {
                if (!source.fits(source_context)) continue;
                if (auto value{source.make(source_context, builder, builder.GetRng())}) return std::move(*value);
            }
        }
    }
    return MakePlain(builder, source_context, source_context.type);
}

Value MakePlain(ProgramBuilder& builder, const SourceContext& source_context, Type type)
{
    base::Rng& rng{builder.GetRng()};
    Budget& budget{builder.GetBudget()};
    if (budget.nodes == 0 || budget.depth == 0) return ZeroValue(source_context.schema, type);
    --budget.nodes;
    if (type.kind == Kind::INTERFACE) return MakeCapability(builder, source_context, type.index);
    if (auto answer{MakeAnswer(builder, source_context, type)}) return std::move(*answer);
    const bool group{type.kind == Kind::STRUCT && source_context.schema.GetStruct(type.index).is_group};
    if (schema::IsPointer(type.kind) && !group && rng.Percent(NULL_POINTER_PERCENT)) return program::Null{};
    switch (type.kind) {
    case Kind::BOOL: return rng.OneIn(2);
    case Kind::FLOAT32:
    case Kind::FLOAT64: return MakeFloat(rng, type.kind, builder.GetSchemaIndex().FloatConstants());
    case Kind::TEXT: return program::Blob{MakeText(rng, builder.Misbehaves())};
    case Kind::DATA: return program::Blob{MakeData(rng)};
    case Kind::ENUM: return MakeEnum(builder, type);
    case Kind::LIST: return MakeList(builder, source_context, type);
    case Kind::STRUCT: {
        const DepthGuard depth_guard{budget};
        return MakeFields(builder, source_context, type.index);
    }
    case Kind::ANY_POINTER:
    case Kind::ANY_STRUCT:
    case Kind::ANY_LIST:
    case Kind::CAPABILITY: return MakeAny(builder, source_context, type.kind);
    default: break;
    }
    if (schema::IsInteger(type.kind)) return MakeInteger(rng, type.kind, builder.GetSchemaIndex().IntegerConstants());
    return ZeroValue(source_context.schema, type);
}

} // namespace mpfuzz::generate
