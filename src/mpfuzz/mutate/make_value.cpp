#include <mpfuzz/mutate/blocks.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/edit.h>

namespace mpfuzz::mutate {

using program::ArgumentPath;
using program::PathElement;
using program::StepIndex;
using program::Value;

namespace {

//! Parameters that are not set; of a union only where no branch is.
std::vector<ArgumentPath> UnsetPlaces(const schema::Struct& params, const program::StructValue& arguments)
{
    bool has_branch{false};
    for (const program::FieldValue& field : arguments.fields) has_branch |= params.fields[field.field].in_union;
    std::vector<ArgumentPath> places;
    for (uint32_t field{0}; field < params.fields.size(); ++field) {
        if (arguments.Find(field) || (has_branch && params.fields[field].in_union)) continue;
        places.push_back({params.fields[field].type, {{PathElement::Kind::FIELD, field}}});
    }
    return places;
}

//! The innermost named field on the way to a place: what value sources go by.
domain::SourceContext SourceContextOf(const schema::Schema& schema, const program::Call& call,
                                      const program::CapabilityRef& target, const ArgumentPath& place)
{
    uint32_t struct_index{schema.GetMethod(call.method).params};
    uint32_t field{place.path.at(0).index};
    const Value* value{call.arguments.Find(field)};
    schema::Type type{schema.GetStruct(struct_index).fields[field].type};
    for (size_t i{1}; i < place.path.size(); ++i) {
        const uint32_t index{place.path[i].index};
        if (place.path[i].kind == PathElement::Kind::FIELD) {
            struct_index = type.index;
            field = index;
            value = value->As<program::StructValue>()->Find(index);
            type = schema.GetStruct(struct_index).fields[field].type;
        } else if (const auto* any{value->As<program::AnyValue>()}) {
            value = &any->value.at(0);
            type = any->type;
        } else {
            const auto* list{value->As<program::ListValue>()};
            value = list ? &list->elements.at(index) : &value->As<program::RepeatValue>()->element.at(0);
            type = schema.Element(type);
        }
    }
    const schema::Struct& owner{schema.GetStruct(struct_index)};
    return {schema, place.type, owner, owner.fields[field].name, call.method, target};
}

} // namespace

bool MakeValueAnew(program::Program& program, Context& context)
{
    const auto picked{PickCallWithParameters(context.schema, program, context.rng)};
    if (!picked) return false;
    StepIndex step{*picked};
    const auto& call{std::get<program::Call>(program.steps[step])};
    const schema::Struct& params{context.schema.GetStruct(context.schema.GetMethod(call.method).params)};
    const std::vector<ArgumentPath> set{program::ArgumentPaths(context.schema, program.steps[step])};
    const std::vector<ArgumentPath> unset{UnsetPlaces(params, call.arguments)};
    const bool take_unset{!unset.empty() && (set.empty() || context.rng.OneIn(4))};
    const ArgumentPath place{context.rng.Pick(take_unset ? unset : set)};

    const program::CapabilityRef target{call.target};
    const domain::SourceContext source_context{SourceContextOf(context.schema, call, target, place)};
    Value value{context.generator.MakeValueFor(program, step, source_context, context.rng)};
    // In a list a struct cannot be null.
    const bool is_element{place.path.back().kind == PathElement::Kind::ELEMENT};
    if (is_element && place.type.kind == schema::Kind::STRUCT && value.As<program::Null>())
        value = program::StructValue{};
    if (take_unset) {
        std::get<program::Call>(program.steps[step]).arguments.Set(place.path[0].index, std::move(value));
    } else {
        program::At(program.steps[step], place) = std::move(value);
    }
    return true;
}

} // namespace mpfuzz::mutate
