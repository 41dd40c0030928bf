#include <mpfuzz/mutate/value_ref.h>

#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/generate/values.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::mutate {

using program::Value;
using schema::Kind;
using schema::Type;

namespace {

//! Weight of a field. The elements of a list share it.
constexpr uint64_t WEIGHT{1 << 20};

//! Visits all sites of one step, depth first.
template<typename VisitValue, typename VisitFields>
class Walk
{
public:
    Walk(const schema::Schema& schema, const VisitValue& visit_value, const VisitFields& visit_fields)
        : m_schema{schema}, m_visit_site{visit_value}, m_visit_fields{visit_fields}
    {
    }

    void InStep(program::Step& step, program::StepIndex index)
    {
        m_step = index;
        if (auto* call{std::get_if<program::Call>(&step)}) {
            InFields(m_schema.GetMethod(call->method).params, call->arguments.fields, WEIGHT);
        } else if (auto* serve{std::get_if<program::Serve>(&step)}) {
            InServed(serve->object, WEIGHT);
        }
    }

private:
    void InFields(uint32_t struct_index, std::vector<program::FieldValue>& fields, uint64_t weight)
    {
        m_visit_fields(FieldsRef{struct_index, &fields}, weight);
        const auto& declared{m_schema.GetStruct(struct_index).fields};
        for (program::FieldValue& field : fields) {
            m_field = declared[field.field].name;
            InValue(declared[field.field].type, field.value, weight, false);
        }
    }

    void InServed(program::ServedObject& object, uint64_t weight)
    {
        const bool outer{std::exchange(m_served, true)};
        for (program::Reaction& reaction : object.reactions) {
            if (reaction.Answers()) InFields(m_schema.GetMethod(reaction.method).results, reaction.results, weight);
        }
        m_served = outer;
    }

    void InValue(Type type, Value& value, uint64_t weight, bool in_list)
    {
        m_visit_site(ValueRef{m_step, type, &value, m_field, in_list, m_served}, weight);
        if (auto* fields{value.As<program::StructValue>()}) {
            InFields(type.index, fields->fields, weight);
        } else if (auto* list{value.As<program::ListValue>()}) {
            const uint64_t share{std::max<uint64_t>(1, weight / std::max<size_t>(1, list->elements.size()))};
            InElements(m_schema.Element(type), list->elements, share);
        } else if (auto* repeat{value.As<program::RepeatValue>()}) {
            InElements(m_schema.Element(type), repeat->element, weight);
        } else if (auto* any{value.As<program::AnyValue>()}) {
            for (Value& inner : any->value) InValue(any->type, inner, weight, false);
        } else if (auto* object{value.As<program::ServedObject>()}) {
            InServed(*object, weight);
        }
    }

    void InElements(Type type, std::vector<Value>& elements, uint64_t weight)
    {
        const std::string_view field{m_field};
        for (Value& element : elements) {
            m_field = field;
            InValue(type, element, weight, true);
        }
    }

    const schema::Schema& m_schema;
    const VisitValue& m_visit_site;
    const VisitFields& m_visit_fields;
    program::StepIndex m_step{0};
    std::string_view m_field;
    bool m_served{false};
};

//! Chooses one of the offered items with a probability in proportion to its weight.
template<typename T>
class Reservoir
{
public:
    explicit Reservoir(base::Rng& rng) : m_rng{rng} {}
    void Offer(const T& item, uint64_t weight)
    {
        m_total += weight;
        if (m_rng.Below(m_total) < weight) m_chosen = item;
    }
    std::optional<T> Chosen() const { return m_chosen; }

private:
    base::Rng& m_rng;
    uint64_t m_total{0};
    std::optional<T> m_chosen;
};

} // namespace

std::optional<ValueRef> PickValue(const Context& context, program::Program& program,
                                  const std::function<bool(const ValueRef&)>& wanted)
{
    Reservoir<ValueRef> reservoir{context.rng};
    const auto visit_value{[&](const ValueRef& site, uint64_t weight) {
        if (wanted(site)) reservoir.Offer(site, weight);
    }};
    const auto visit_fields{[](const FieldsRef&, uint64_t) {}};
    Walk walk{context.schema, visit_value, visit_fields};
    for (program::StepIndex i{0}; i < program.steps.size(); ++i) {
        if (!context.only_step || *context.only_step == i) walk.InStep(program.steps[i], i);
    }
    return reservoir.Chosen();
}

std::optional<FieldsRef> PickFields(const Context& context, program::Program& program)
{
    Reservoir<FieldsRef> reservoir{context.rng};
    const auto visit_value{[](const ValueRef&, uint64_t) {}};
    const auto visit_fields{[&](const FieldsRef& site, uint64_t weight) {
        if (!context.schema.GetStruct(site.struct_index).fields.empty()) reservoir.Offer(site, weight);
    }};
    Walk walk{context.schema, visit_value, visit_fields};
    for (program::StepIndex i{0}; i < program.steps.size(); ++i) {
        if (!context.only_step || *context.only_step == i) walk.InStep(program.steps[i], i);
    }
    return reservoir.Chosen();
}

bool CanBeNull(const schema::Schema& schema, const ValueRef& ref)
{
    if (ref.type.kind != Kind::STRUCT) return schema::IsPointer(ref.type.kind);
    return !ref.in_list && !schema.GetStruct(ref.type.index).is_group;
}

Value MakeAtom(const Context& context, Type type)
{
    switch (type.kind) {
    case Kind::BOOL: return context.rng.OneIn(2);
    case Kind::FLOAT32:
    case Kind::FLOAT64: return generate::MakeFloat(context.rng, type.kind, context.schema_index.FloatConstants());
    case Kind::TEXT: return program::Blob{generate::MakeText(context.rng, /*may_misbehave=*/false)};
    case Kind::DATA: return program::Blob{generate::MakeData(context.rng)};
    case Kind::LIST: return program::ListValue{};
    case Kind::STRUCT: return program::StructValue{};
    case Kind::ENUM: {
        const size_t known{context.schema.Enums().at(type.index).enumerants.size()};
        return program::EnumValue{static_cast<uint16_t>(known > 0 ? context.rng.Below(known) : 0)};
    }
    default: break;
    }
    if (!schema::IsInteger(type.kind)) return generate::ZeroValue(context.schema, type);
    return generate::MakeInteger(context.rng, type.kind, context.schema_index.IntegerConstants());
}

} // namespace mpfuzz::mutate
