#include <mpfuzz/generate/any_values.h>

#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/generate/values.h>

#include <array>

namespace mpfuzz::generate {

using domain::SourceContext;
using program::Value;
using schema::Kind;
using schema::Type;

namespace {

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

std::optional<Type> PickInterface(ProgramBuilder& builder)
{
    const size_t count{builder.GetSchemaIndex().GetSchema().Interfaces().size()};
    return Type{Kind::INTERFACE, static_cast<uint32_t>(builder.GetRng().Below(count))};
}

} // namespace

Value MakeAny(ProgramBuilder& builder, const SourceContext& source_context, Kind kind)
{
    // Guesses, unmeasured: null, text, data, list, struct, capability.
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
    default: type = PickInterface(builder);
    }
    if (!type) return program::Null{};
    Value value{MakePlain(builder, source_context, *type)};
    // Null and capabilities stand there as they are; everything else says its type.
    if (type->kind == Kind::INTERFACE || value.As<program::Null>()) return value;
    return program::AnyValue{*type, {std::move(value)}};
}

} // namespace mpfuzz::generate
