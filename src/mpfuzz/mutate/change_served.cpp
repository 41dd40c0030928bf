#include <mpfuzz/generate/program_builder.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/walk.h>

#include <algorithm>
#include <type_traits>

namespace mpfuzz::mutate {

using program::Reaction;
using program::ServedObject;

namespace {

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
        : m_context{context},
          m_counts(context.schema_index.MethodCount()), m_growth{context.schema_index,
                                                                 {},
                                                                 /*misbehaves=*/context.rng.OneIn(2),
                                                                 m_counts,
                                                                 context.rng} // guess, unmeasured
    {
    }

    ServedObject MakeObject(uint32_t interface)
    {
        return generate::MakeServed(m_growth, SourceContext(interface), interface);
    }

    Reaction MakeReaction(uint32_t interface, schema::MethodRef method)
    {
        m_growth.GetBudget() = {};
        m_growth.GetBudget().served_depth = 1;
        return generate::MakeReaction(m_growth, SourceContext(interface), method);
    }

private:
    domain::SourceContext SourceContext(uint32_t interface) const
    {
        static const schema::Struct NO_OWNER{};
        return {m_context.schema, {schema::Kind::INTERFACE, interface}, NO_OWNER, "", {}, m_nothing};
    }

    Context& m_context;
    generate::CallCounts m_counts; // nothing is called
    const program::CapabilityRef m_nothing;
    generate::ProgramBuilder m_growth;
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
        reactions.insert(place, writer.MakeReaction(object->interface, method));
    } else if (context.rng.OneIn(2)) {
        *place = writer.MakeReaction(object->interface, method);
    } else {
        reactions.erase(place);
    }
    return true;
}

} // namespace mpfuzz::mutate
