#include <mpfuzz/generate/growth.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/walk.h>

#include <algorithm>
#include <array>
#include <type_traits>

namespace mpfuzz::mutate {

using program::Reaction;
using program::ServedObject;

namespace {

using ReactionKind = Reaction::Kind;

ServedObject* PickObject(program::Program& program, base::Rng& rng)
{
    ServedObject* chosen{nullptr};
    uint64_t seen{0};
    for (program::Step& step : program.steps) {
        program::WalkStep(step, [&](auto& found) {
            if constexpr (std::is_same_v<decltype(found), ServedObject&>) {
                if (rng.OneIn(++seen)) chosen = &found;
            }
        });
    }
    return chosen;
}

//! Makes what objects of ours answer, as the generator does: without reference to any step.
class Scriptwriter
{
public:
    explicit Scriptwriter(Context& context)
        : m_context{context}, m_counts(context.atlas.MethodCount()), m_growth{context.atlas,
                                                                              {},
                                                                              /*misbehaves=*/context.rng.OneIn(4),
                                                                              m_counts,
                                                                              context.rng} // guess, unmeasured
    {
    }

    ServedObject MakeObject(uint32_t interface)
    {
        static const schema::Struct NO_OWNER{};
        const domain::Slot slot{m_context.schema, {schema::Kind::INTERFACE, interface}, NO_OWNER, "", {}, m_nothing};
        return generate::MakeServed(m_growth, slot, interface);
    }

    Reaction MakeReaction(schema::MethodRef method)
    {
        // Guesses, unmeasured: return, throw, never, later, call.
        static constexpr std::array<uint32_t, 5> ANY{50, 20, 5, 10, 15};
        base::Rng& rng{m_context.rng};
        Reaction reaction;
        reaction.method = method;
        if (!m_context.PlainStepsOnly()) reaction.kind = static_cast<ReactionKind>(rng.Weighted(ANY));
        if (reaction.kind == ReactionKind::CALL && !AimCallback(reaction)) reaction.kind = ReactionKind::RETURN;
        if (reaction.kind == ReactionKind::LATER) reaction.step = static_cast<uint32_t>(rng.Below(m_context.max_steps));
        if (reaction.kind == ReactionKind::THROW) {
            reaction.exception = static_cast<uint8_t>(rng.Below(4));
            reaction.message = "thrown on purpose";
        } else if (reaction.kind != ReactionKind::NEVER) {
            reaction.results = MakeResults(method);
        }
        return reaction;
    }

private:
    std::vector<program::FieldValue> MakeResults(schema::MethodRef method)
    {
        const schema::Schema& schema{m_context.schema};
        const uint32_t results{schema.GetMethod(method).results};
        const domain::Slot slot{schema,   {schema::Kind::STRUCT, results}, schema.GetStruct(results), "", method,
                                m_nothing};
        m_growth.GetBudget() = {};
        m_growth.GetBudget().served_depth = 1;
        return generate::MakeFields(m_growth, slot, results).fields;
    }

    //! Call back one of the capabilities that come as parameters; false where there is none.
    bool AimCallback(Reaction& reaction)
    {
        const schema::Schema& schema{m_context.schema};
        const auto& fields{schema.GetStruct(schema.GetMethod(reaction.method).params).fields};
        std::vector<uint32_t> capabilities;
        for (uint32_t field{0}; field < fields.size(); ++field) {
            const bool typed{fields[field].type.kind == schema::Kind::INTERFACE};
            if (typed && !schema.GetInterface(fields[field].type.index).all_methods.empty())
                capabilities.push_back(field);
        }
        if (capabilities.empty()) return false;
        const uint32_t chosen{m_context.rng.Pick(capabilities)};
        reaction.callback_target = {{program::PathElement::Kind::FIELD, chosen}};
        reaction.callback = m_context.rng.Pick(schema.GetInterface(fields[chosen].type.index).all_methods);
        return true;
    }

    Context& m_context;
    generate::CallCounts m_counts; // nothing is called
    const program::CapabilityRef m_nothing;
    generate::Growth m_growth;
};

} // namespace

bool ChangeServed(program::Program& program, Context& context)
{
    ServedObject* const object{PickObject(program, context.rng)};
    if (!object) return false;
    Scriptwriter writer{context};
    auto& reactions{object->reactions};
    if (context.rng.OneIn(4)) { // guess, unmeasured
        reactions = writer.MakeObject(object->interface).reactions;
        return true;
    }
    const auto& methods{context.schema.GetInterface(object->interface).all_methods};
    if (methods.empty()) return false;
    const schema::MethodRef method{context.rng.Pick(methods)};
    const auto place{std::ranges::lower_bound(reactions, method, {}, &Reaction::method)};
    const bool has{place != reactions.end() && place->method == method};
    if (!has) {
        reactions.insert(place, writer.MakeReaction(method));
    } else if (context.rng.OneIn(2)) {
        *place = writer.MakeReaction(method);
    } else {
        reactions.erase(place);
    }
    return true;
}

} // namespace mpfuzz::mutate
