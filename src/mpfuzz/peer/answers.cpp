#include <mpfuzz/peer/answers.h>

#include <mpfuzz/base/digest.h>
#include <mpfuzz/generate/values.h>

#include <algorithm>
#include <limits>
#include <string>

namespace mpfuzz::peer {
namespace {

using program::PathElement;
using program::Value;
using schema::Type;

//! Sets the capabilities that the generator left null.
class ObjectFiller
{
public:
    ObjectFiller(const schema::Schema& schema, uint32_t interface) : m_schema{schema}, m_interface{interface} {}

    void Fields(uint32_t struct_index, program::StructValue& fields, std::span<const PathElement> path) const
    {
        const uint32_t index{path.front().index};
        const auto& declared{m_schema.GetStruct(struct_index).fields};
        const bool other_branch{declared.at(index).in_union &&
                                std::ranges::any_of(fields.fields, [&](const program::FieldValue& set) {
                                    return set.field != index && declared[set.field].in_union;
                                })};
        if (other_branch) return;
        if (!fields.Find(index)) fields.Set(index, program::Null{});
        SetAt(declared[index].type, *fields.Find(index), path.subspan(1));
    }

private:
    void SetAt(Type type, Value& value, std::span<const PathElement> path) const
    {
        if (path.empty()) {
            if (!value.As<program::ServedObject>()) value = program::ServedObject{m_interface, {}};
        } else if (path.front().kind == PathElement::Kind::FIELD) {
            if (!value.As<program::StructValue>()) value = program::StructValue{};
            Fields(type.index, *value.As<program::StructValue>(), path);
        } else {
            SetAt(m_schema.Element(type), FirstElement(value), path.subspan(1));
        }
    }

    static Value& FirstElement(Value& value)
    {
        if (auto* repeat{value.As<program::RepeatValue>()}; repeat && repeat->count > 0) return repeat->element.at(0);
        if (!value.As<program::ListValue>()) value = program::ListValue{};
        auto& elements{value.As<program::ListValue>()->elements};
        if (elements.empty()) elements.emplace_back(program::Null{});
        return elements.front();
    }

    const schema::Schema& m_schema;
    uint32_t m_interface;
};

program::TargetRules MakeRules(uint32_t main_interface)
{
    program::TargetRules rules;
    rules.main_interface = main_interface;
    return rules;
}

} // namespace

Answers::Answers(const schema::Schema& schema, uint32_t main_interface, uint64_t seed)
    : m_schema_index{schema, MakeRules(main_interface), {}}, m_counts(m_schema_index.MethodCount()), m_seed{seed}
{
}

program::StructValue Answers::Make(const Question& question)
{
    const schema::Schema& schema{m_schema_index.GetSchema()};
    const uint32_t results{schema.GetMethod(question.method).results};
    base::Rng rng{RngFor(question, "results")};
    generate::ProgramBuilder builder{m_schema_index, {}, /*misbehaves=*/false, m_counts, rng};
    // At the last depth of served objects the generator makes objects without reactions and no references to steps.
    builder.GetBudget().served_depth = std::numeric_limits<unsigned>::max() - 1;
    const program::CapabilityRef no_target{};
    const domain::SourceContext source_context{
        schema, {schema::Kind::STRUCT, results}, schema.GetStruct(results), "", question.method, no_target};
    program::StructValue value{generate::MakeFields(builder, source_context, results)};
    for (const generate::CapabilityResult& capability : m_schema_index.Capabilities(question.method))
        ObjectFiller{schema, capability.interface}.Fields(results, value, capability.path);
    return value;
}

base::Rng Answers::RngFor(const Question& question, std::string_view purpose) const
{
    std::string key{std::to_string(m_seed) + '\n'};
    key += purpose;
    key +=
        '\n' + m_schema_index.GetSchema().MethodName(question.method) + '\n' + std::to_string(question.number) + '\n';
    key += question.arguments;
    return base::Rng{base::Digest64(key)};
}

} // namespace mpfuzz::peer
