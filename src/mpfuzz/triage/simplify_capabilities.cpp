#include <mpfuzz/triage/passes.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/shrink.h>

#include <set>

namespace mpfuzz::triage {
namespace {

using program::ArgumentPath;
using program::CapabilityRef;
using program::DataRef;
using program::Program;
using program::Reaction;
using program::ServedObject;
using program::StepIndex;
using program::Value;

//! Number of earlier capabilities that are tried instead of one capability. A guess.
constexpr size_t MAX_SUBSTITUTES{3};

bool IsUsed(const Program& program, StepIndex step)
{
    bool used{false};
    for (const program::Step& user : program.steps) {
        program::ForEachReference(user, [&](const StepIndex& named) { used |= named == step; });
    }
    return used;
}

//! Replaces a step by an earlier one that makes the same kind of result.
void ReplaceStep(Search& search, StepIndex step)
{
    // RemoveSteps removes a step that no other step uses.
    if (!IsUsed(search.Current(), step)) return;
    std::vector<StepIndex> earlier;
    for (StepIndex i{0}; i < step; ++i) {
        const bool connects{std::holds_alternative<program::Connect>(search.Current().steps[i])};
        if (!connects && program::Interchangeable(search.Current(), i, step)) earlier.push_back(i);
    }
    if (earlier.empty()) return;
    // Try the first, which depends on the fewest steps, and the last, which is the most similar: it runs after most of
    // the same steps.
    for (const StepIndex substitute : std::set<StepIndex>{earlier.front(), earlier.back()}) {
        const bool accepted{search.TryWith([&](Program& candidate) {
            program::Redirect(candidate, step, substitute);
            program::RemoveStep(candidate, step);
        })};
        if (accepted) return;
    }
}

//! Moves the object of a Serve step into the argument that uses it, if there is only one.
void Inline(Search& search, StepIndex step)
{
    if (!std::holds_alternative<program::Serve>(search.Current().steps[step])) return;
    Program candidate{search.Current()};
    if (program::InlineServed(search.GetSchema(), candidate, step)) search.Try(std::move(candidate));
}

//! Tries earlier capabilities of an interface instead of one. @param find  Returns the reference in a program.
template<typename Find>
void Retarget(Search& search, StepIndex step, std::optional<uint32_t> interface, bool is_target, const Find& find)
{
    if (!interface) return;
    const CapabilityRef current{find(search.Current())};
    size_t tried{0};
    for (const CapabilityRef& ref :
         program::CapabilitiesBefore(search.GetSchema(), search.Current(), step, *interface)) {
        // Later capabilities are not simpler. A call cannot have a served object as its target.
        if (ref.step >= current.step || tried == MAX_SUBSTITUTES) return;
        if (is_target && std::holds_alternative<program::Serve>(search.Current().steps[ref.step])) continue;
        ++tried;
        if (search.TryWith([&](Program& candidate) { find(candidate) = ref; })) return;
    }
}

void RetargetStep(Search& search, StepIndex step)
{
    const program::Step& now{search.Current().steps[step]};
    if (const auto* call{std::get_if<program::Call>(&now)}) {
        Retarget(search, step, call->method.interface, /*is_target=*/true, [step](auto& program) -> decltype(auto) {
            return (std::get<program::Call>(program.steps[step]).target);
        });
    } else if (const auto* drop{std::get_if<program::Drop>(&now)}) {
        const auto interface = program::InterfaceOf(search.GetSchema(), search.Current(), drop->capability);
        Retarget(search, step, interface, /*is_target=*/true, [step](auto& program) -> decltype(auto) {
            return (std::get<program::Drop>(program.steps[step]).capability);
        });
    }
}

//! Removes reactions, then simplifies the remaining ones. @param find  Returns the object in a program.
template<typename Find>
void SimplifyServed(Search& search, const Find& find)
{
    RemoveElements(search, [&](auto& program) -> decltype(auto) { return (find(program).reactions); });
    const std::vector<Reaction> reactions{find(search.Current()).reactions};
    for (size_t i{0}; i < reactions.size() && !search.Ended(); ++i) {
        const Reaction& reaction{reactions[i]};
        if (reaction.Answers() && reaction.kind != Reaction::Kind::RETURN) {
            search.TryWith([&](Program& candidate) {
                find(candidate).reactions[i] = {.method = reaction.method, .results = reaction.results};
            });
        } else if (reaction.exception > 0) {
            search.TryWith([&](Program& candidate) { find(candidate).reactions[i].exception = 0; });
        }
    }
}

//! Tries to unset a field; if the program then passes, tries the simplest value. @return True if the program failed
//! with one of them.
bool Clear(Search& search, StepIndex step, const ArgumentPath& place)
{
    if (place.path.back().kind == program::PathElement::Kind::FIELD &&
        search.TryWith([&](Program& candidate) { program::Unset(candidate.steps[step], place); })) {
        return true;
    }
    if (place.unset_is_zero) return false;
    return search.TryWith([&](Program& candidate) {
        Value& value{program::At(candidate.steps[step], place)};
        value = program::SimplerValues(search.GetSchema(), place.type, value).front();
    });
}

//! Simplifies the reference or served object at a path, if there is one. @return True if it was cleared: another path
//! may now have its index.
bool SimplifyPlace(Search& search, StepIndex step, const ArgumentPath& place)
{
    // The reference stays valid until a candidate is accepted.
    const Value& value{program::At(search.Current().steps[step], place)};
    const auto find{
        [step, &place](auto& program) -> decltype(auto) { return (program::At(program.steps[step], place)); }};
    const auto* ref{value.As<CapabilityRef>()};
    const auto* data{value.As<DataRef>()};
    const auto* object{value.As<ServedObject>()};
    if (!ref && !data && !object) return false;
    if (Clear(search, step, place)) return true;
    if (ref) {
        const bool typed{place.type.kind == schema::Kind::INTERFACE};
        const auto interface = typed ? place.type.index : InterfaceOf(search.GetSchema(), search.Current(), *ref);
        Retarget(search, step, interface, /*is_target=*/false,
                 [&](auto& program) -> decltype(auto) { return (*find(program).template As<CapabilityRef>()); });
    } else if (data) {
        RemoveElements(search,
                       [&](auto& program) -> decltype(auto) { return (find(program).template As<DataRef>()->edits); });
    } else {
        SimplifyServed(search,
                       [&](auto& program) -> decltype(auto) { return (*find(program).template As<ServedObject>()); });
    }
    return false;
}

void SimplifyPlaces(Search& search, StepIndex step)
{
    std::vector<ArgumentPath> places{program::AllPaths(search.GetSchema(), search.Current().steps[step])};
    for (size_t i{0}; i < places.size() && !search.Ended();) {
        const size_t accepted{search.AcceptedCount()};
        const bool cleared{!IsInLateElement(places[i]) && SimplifyPlace(search, step, places[i])};
        // If a field was unset, the next path now has its index.
        if (search.AcceptedCount() != accepted) {
            places = program::AllPaths(search.GetSchema(), search.Current().steps[step]);
        }
        if (!cleared) ++i;
    }
}

void SimplifyStep(Search& search, StepIndex step)
{
    RetargetStep(search, step);
    if (std::holds_alternative<program::Serve>(search.Current().steps[step])) {
        SimplifyServed(search, [step](auto& program) -> decltype(auto) {
            return (std::get<program::Serve>(program.steps[step]).object);
        });
    }
    if (const auto* delay{std::get_if<program::Delay>(&search.Current().steps[step])}) {
        Descend(delay->ms, [&](uint64_t ms) {
            return search.TryWith([&](Program& candidate) {
                std::get<program::Delay>(candidate.steps[step]).ms = static_cast<uint32_t>(ms);
            });
        });
    }
    SimplifyPlaces(search, step);
}

} // namespace

void SimplifyCapabilities(Search& search)
{
    for (size_t step{search.Current().steps.size()}; step-- > 0 && !search.Ended();) {
        ReplaceStep(search, static_cast<StepIndex>(step));
        if (step < search.Current().steps.size()) Inline(search, static_cast<StepIndex>(step));
    }
    for (size_t step{search.Current().steps.size()}; step-- > 0 && !search.Ended();) {
        SimplifyStep(search, static_cast<StepIndex>(step));
    }
}

} // namespace mpfuzz::triage
