#include <mpfuzz/triage/simplify_capabilities.h>

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

//! Earlier capabilities that are tried in place of one; guess, unmeasured.
constexpr size_t MAX_STAND_INS{3};

bool IsUsed(Program program, StepIndex step)
{
    bool used{false};
    for (program::Step& user : program.steps) {
        program::ForEachReference(user, [&](StepIndex& named) { used |= named == step; });
    }
    return used;
}

//! Let an earlier step do what this one does, too.
void ReplaceStep(Search& search, StepIndex step)
{
    // One that nobody uses is for the pass that removes steps.
    if (!IsUsed(search.Current(), step)) return;
    std::vector<StepIndex> twins;
    for (StepIndex i{0}; i < step; ++i) {
        const bool connects{std::holds_alternative<program::Connect>(search.Current().steps[i])};
        if (!connects && program::Interchangeable(search.Current(), i, step)) twins.push_back(i);
    }
    if (twins.empty()) return;
    // The first is the plainest, and the last the most alike in what happened before.
    for (const StepIndex twin : std::set<StepIndex>{twins.front(), twins.back()}) {
        const bool taken{search.TryWith([&](Program& candidate) {
            program::Redirect(candidate, step, twin);
            program::RemoveStep(candidate, step);
        })};
        if (taken) return;
    }
}

//! Write a served object that one argument uses where it is used.
void Inline(Search& search, StepIndex step)
{
    if (!std::holds_alternative<program::Serve>(search.Current().steps[step])) return;
    Program candidate{search.Current()};
    if (program::InlineServed(search.GetSchema(), candidate, step)) search.Try(std::move(candidate));
}

//! Try earlier capabilities of an interface in place of one. @param find  Gives the reference in a program.
template<typename Find>
void Retarget(Search& search, StepIndex step, std::optional<uint32_t> interface, bool is_target, const Find& find)
{
    if (!interface) return;
    Program copy{search.Current()};
    const CapabilityRef current{find(copy)};
    size_t tried{0};
    for (const CapabilityRef& ref : program::CapabilitiesBefore(search.GetSchema(), copy, step, *interface)) {
        // Later ones are no simpler; and an object of ours cannot be called.
        if (ref.step >= current.step || tried == MAX_STAND_INS) return;
        if (is_target && std::holds_alternative<program::Serve>(copy.steps[ref.step])) continue;
        ++tried;
        if (search.TryWith([&](Program& candidate) { find(candidate) = ref; })) return;
    }
}

void RetargetStep(Search& search, StepIndex step)
{
    const program::Step& now{search.Current().steps[step]};
    if (const auto* call{std::get_if<program::Call>(&now)}) {
        Retarget(search, step, call->method.interface, /*is_target=*/true, [step](Program& program) -> CapabilityRef& {
            return std::get<program::Call>(program.steps[step]).target;
        });
    } else if (const auto* drop{std::get_if<program::Drop>(&now)}) {
        const auto interface = program::InterfaceOf(search.GetSchema(), search.Current(), drop->capability);
        Retarget(search, step, interface, /*is_target=*/true, [step](Program& program) -> CapabilityRef& {
            return std::get<program::Drop>(program.steps[step]).capability;
        });
    }
}

//! Take reactions away, then make those that are left plainer. @param find  Gives the object in a program.
template<typename Find>
void SimplifyServed(Search& search, const Find& find)
{
    RemoveElements(
        search, [&](Program & program) -> auto& { return find(program).reactions; });
    Program copy{search.Current()};
    const std::vector<Reaction> reactions{find(copy).reactions};
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

//! Leave it out, or where that is another thing, put nothing there. True where that is enough.
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

//! True where a place was cleared: another stands at its index now, or nothing to simplify.
bool SimplifyPlace(Search& search, StepIndex step, const ArgumentPath& place)
{
    program::Step now{search.Current().steps[step]};
    const Value& value{program::At(now, place)};
    const auto find{[step, &place](Program& program) -> Value& { return program::At(program.steps[step], place); }};
    const auto* ref{value.As<CapabilityRef>()};
    const auto* data{value.As<DataRef>()};
    const auto* object{value.As<ServedObject>()};
    if (!ref && !data && !object) return false;
    if (Clear(search, step, place)) return true;
    if (ref) {
        const bool typed{place.type.kind == schema::Kind::INTERFACE};
        const auto interface = typed ? place.type.index : InterfaceOf(search.GetSchema(), search.Current(), *ref);
        Retarget(search, step, interface, /*is_target=*/false,
                 [&](Program& program) -> CapabilityRef& { return *find(program).As<CapabilityRef>(); });
    } else if (data) {
        RemoveElements(
            search, [&](Program & program) -> auto& { return find(program).As<DataRef>()->edits; });
    } else {
        SimplifyServed(search, [&](Program& program) -> ServedObject& { return *find(program).As<ServedObject>(); });
    }
    return false;
}

void SimplifyPlaces(Search& search, StepIndex step)
{
    std::vector<ArgumentPath> places{program::AllPaths(search.GetSchema(), search.Current().steps[step])};
    for (size_t i{0}; i < places.size() && !search.Ended();) {
        const Program before{search.Current()};
        const bool cleared{!IsFarDown(places[i]) && SimplifyPlace(search, step, places[i])};
        // An unset field's place is taken by the next.
        if (search.Current() != before) {
            places = program::AllPaths(search.GetSchema(), search.Current().steps[step]);
        }
        if (!cleared) ++i;
    }
}

void SimplifyStep(Search& search, StepIndex step)
{
    RetargetStep(search, step);
    if (std::holds_alternative<program::Serve>(search.Current().steps[step])) {
        SimplifyServed(search, [step](Program& program) -> ServedObject& {
            return std::get<program::Serve>(program.steps[step]).object;
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
