#include <mpfuzz/mutate/value_ref.h>

#include <mpfuzz/generate/atoms.h>
#include <mpfuzz/generate/values.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <vector>

namespace mpfuzz::mutate {

using program::FieldsPosition;
using program::Program;
using program::StepIndex;
using program::Value;
using program::ValuePosition;
using schema::Kind;
using schema::Type;

namespace {

//! Weight of a value that is not in a list. The elements of a list share the weight of one value.
constexpr uint64_t WEIGHT{1 << 20};

uint64_t WeightAt(const ValuePosition* position)
{
    if (!position) return WEIGHT;
    return std::max<uint64_t>(1, WeightAt(position->outer) / position->list_size);
}

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

//! Calls VisitValues() with visit_in(index) for every step whose values may be changed.
template<typename VisitIn>
void VisitSteps(const Context& context, Program& program, const VisitIn& visit_in)
{
    for (StepIndex i{0}; i < program.steps.size(); ++i) {
        if (context.only_step && *context.only_step != i) continue;
        if (std::holds_alternative<program::Message>(program.steps[i])) continue;
        program::VisitValues(context.schema, program.steps[i], visit_in(i));
    }
}

} // namespace

std::optional<ValueRef> PickValue(const Context& context, Program& program,
                                  const std::function<bool(const ValueRef&)>& wanted)
{
    Reservoir<ValueRef> reservoir{context.rng};
    VisitSteps(context, program, [&](StepIndex step) {
        return [&, step](Value& value, const ValuePosition& at) {
            const ValueRef ref{step, at.type, &value, at.FieldName(), at.in_list, at.in_served};
            if (wanted(ref)) reservoir.Offer(ref, WeightAt(&at));
        };
    });
    return reservoir.Chosen();
}

std::optional<FieldsRef> PickFields(const Context& context, Program& program)
{
    Reservoir<FieldsRef> reservoir{context.rng};
    VisitSteps(context, program, [&](StepIndex) {
        return [&](std::vector<program::FieldValue>& fields, const FieldsPosition& at) {
            if (at.reaction && !at.reaction->Answers()) return;
            if (context.schema.GetStruct(at.struct_index).fields.empty()) return;
            reservoir.Offer({at.struct_index, &fields}, WeightAt(at.outer));
        };
    });
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
