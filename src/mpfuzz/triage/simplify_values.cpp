#include <mpfuzz/triage/passes.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/shrink.h>

namespace mpfuzz::triage {
namespace {

using program::ArgumentPath;
using program::Program;
using program::StepIndex;
using program::Value;

//! Tries simpler values at one path.
class PathSimplifier
{
public:
    PathSimplifier(Search& search, StepIndex step, const ArgumentPath& place)
        : m_search{search}, m_step{step}, m_place{place}
    {
    }

    // Nothing to do here: other passes simplify texts, data and references.
    void operator()(const program::Void&) {}
    void operator()(const program::Null&) {}
    void operator()(const program::SeenCapability&) {}
    void operator()(const program::Blob&) {}
    void operator()(const program::CapabilityRef&) {}
    void operator()(const program::DataRef&) {}

    void operator()(bool truth)
    {
        if (truth && !m_place.unset_is_zero) Try(false);
    }
    void operator()(int64_t number)
    {
        const bool negative{number < 0};
        const uint64_t distance{negative ? uint64_t{0} - static_cast<uint64_t>(number) : static_cast<uint64_t>(number)};
        Approach(distance,
                 [&](uint64_t nearer) { return Try(static_cast<int64_t>(negative ? uint64_t{0} - nearer : nearer)); });
    }
    void operator()(uint64_t number)
    {
        Approach(number, [&](uint64_t nearer) { return Try(nearer); });
    }
    void operator()(const program::EnumValue& value)
    {
        const size_t known{m_search.GetSchema().Enums().at(m_place.type.index).enumerants.size()};
        const auto attempt{[&](uint64_t raw) { return Try(program::EnumValue{static_cast<uint16_t>(raw)}); }};
        // Prefer an enumerant that has a name, because it is easier to read than a number.
        if (known > 0 && value.raw >= known && attempt(known - 1)) return Approach(known - 1, attempt);
        Approach(value.raw, attempt);
    }
    void operator()(const program::Float&) { TryAllSimpler(); }
    void operator()(const program::AnyValue&)
    {
        if (!m_place.unset_is_zero) TryAllSimpler();
    }
    void operator()(const program::ListValue&)
    {
        const auto elements{
            [&](auto& program) -> decltype(auto) { return (Get<program::ListValue>(program).elements); }};
        RemoveElements(m_search, elements, MAX_PIECES);
    }
    void operator()(const program::RepeatValue& repeat)
    {
        if (Try(program::ListValue{}) || (repeat.count > 0 && Try(program::ListValue{repeat.element}))) return;
        Descend(
            repeat.count,
            [&](uint64_t count) {
                return Try(program::RepeatValue{count, repeat.element});
            },
            /*zero=*/false);
    }
    void operator()(const program::StructValue&)
    {
        RemoveElements(m_search,
                       [&](auto& program) -> decltype(auto) { return (Get<program::StructValue>(program).fields); });
    }
    void operator()(const program::ServedObject& object)
    {
        for (size_t i{0}; i < object.reactions.size(); ++i) {
            const auto results{[&](auto& program) -> decltype(auto) {
                return (Get<program::ServedObject>(program).reactions[i].results);
            }};
            RemoveElements(m_search, results);
        }
    }

private:
    //! The value in a program, which may be const.
    template<typename T, typename AnyProgram>
    auto& Get(AnyProgram& program) const
    {
        return *program::At(program.steps[m_step], m_place).template As<T>();
    }

    bool Try(Value value)
    {
        return m_search.TryWith(
            [&](Program& candidate) { program::At(candidate.steps[m_step], m_place) = std::move(value); });
    }

    template<typename Attempt>
    void Approach(uint64_t number, const Attempt& attempt)
    {
        Descend(number, attempt, /*zero=*/!m_place.unset_is_zero);
    }

    void TryAllSimpler()
    {
        const Value& value{program::At(m_search.Current().steps[m_step], m_place)};
        for (Value& simpler : program::SimplerValues(m_search.GetSchema(), m_place.type, value)) {
            if (Try(std::move(simpler))) return;
        }
    }

    Search& m_search;
    const StepIndex m_step;
    const ArgumentPath& m_place;
};

//! Removes fields that are directly in a step.
void SimplifyRoot(Search& search, StepIndex step)
{
    const program::Step& now{search.Current().steps[step]};
    if (std::holds_alternative<program::Call>(now)) {
        const auto fields{[step](auto& program) -> decltype(auto) {
            return (std::get<program::Call>(program.steps[step]).arguments.fields);
        }};
        RemoveElements(search, fields);
    } else if (std::holds_alternative<program::Message>(now)) {
        const auto fields{[step](auto& program) -> decltype(auto) {
            return (std::get<program::Message>(program.steps[step]).message.fields);
        }};
        RemoveElements(search, fields);
    } else if (const auto* serve{std::get_if<program::Serve>(&now)}) {
        const size_t reactions{serve->object.reactions.size()};
        for (size_t i{0}; i < reactions; ++i) {
            const auto results{[step, i](auto& program) -> decltype(auto) {
                return (std::get<program::Serve>(program.steps[step]).object.reactions[i].results);
            }};
            RemoveElements(search, results);
        }
    }
}

void SimplifyStep(Search& search, StepIndex step)
{
    SimplifyRoot(search, step);
    std::vector<ArgumentPath> places{program::AllPaths(search.GetSchema(), search.Current().steps[step])};
    // An edit at a path changes only the paths inside it, which come after it.
    for (size_t i{0}; i < places.size() && !search.Ended(); ++i) {
        if (IsInLateElement(places[i])) continue;
        const size_t accepted{search.AcceptedCount()};
        const ArgumentPath place{places[i]};
        // Copy the value, because the program changes while the value is simplified.
        const Value before{program::At(search.Current().steps[step], place)};
        PathSimplifier simplifier{search, step, place};
        std::visit(simplifier, before.content);
        if (search.AcceptedCount() != accepted) {
            places = program::AllPaths(search.GetSchema(), search.Current().steps[step]);
        }
    }
}

} // namespace

void SimplifyValues(Search& search)
{
    for (size_t step{search.Current().steps.size()}; step-- > 0 && !search.Ended();) {
        SimplifyStep(search, static_cast<StepIndex>(step));
    }
}

} // namespace mpfuzz::triage
