#include <mpfuzz/triage/passes.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/shrink.h>
#include <mpfuzz/triage/size.h>

namespace mpfuzz::triage {
namespace {

using program::ArgumentPath;
using program::Program;
using program::ServedObject;
using program::StepIndex;

//! Makes one string shorter, and replaces its bytes by the simplest one. `Find` returns the string in a program.
template<typename Find>
class StringSimplifier
{
public:
    StringSimplifier(Search& search, const Find& find, char simplest)
        : m_search{search}, m_find{find}, m_simplest{simplest}
    {
    }

    void Simplify()
    {
        if (Now().empty()) return;
        // If only the length or the beginning matters, bisection is enough.
        Descend(Now().size(), [&](uint64_t size) {
            return m_search.TryWith([&](Program& candidate) { m_find(candidate).resize(size); });
        });
        RemoveElements(m_search, m_find, MAX_PIECES);
        MakePlain(0, Now().size(), MAX_PIECES);
    }

private:
    const std::string& Now() const { return m_find(m_search.Current()); }

    //! Replaces all bytes of a range by the simplest one. If the program then passes, tries each half of the range, and
    //! so on, until there are `pieces` parts.
    void MakePlain(size_t begin, size_t end, size_t pieces)
    {
        const std::string plain(end - begin, m_simplest);
        if (m_search.Ended() || Now().compare(begin, end - begin, plain) == 0) return;
        const bool accepted{
            m_search.TryWith([&](Program& candidate) { m_find(candidate).replace(begin, end - begin, plain); })};
        if (accepted || pieces <= 1 || end - begin <= 1) return;
        const size_t middle{begin + (end - begin) / 2};
        MakePlain(begin, middle, pieces / 2);
        MakePlain(middle, end, pieces / 2);
    }

    Search& m_search;
    const Find& m_find;
    const char m_simplest;
};

template<typename Find>
void Simplify(Search& search, const Find& find, char simplest)
{
    StringSimplifier<Find>{search, find, simplest}.Simplify();
}

//! Simplifies the messages of an object's exceptions. @param find  Returns the object in a program.
template<typename Find>
void SimplifyMessages(Search& search, size_t reactions, const Find& find)
{
    for (size_t i{0}; i < reactions; ++i) {
        const auto message{[&](auto& program) -> decltype(auto) { return (find(program).reactions[i].message); }};
        Simplify(search, message, SIMPLEST_LETTER);
    }
}

void SimplifyPlace(Search& search, StepIndex step, const ArgumentPath& place)
{
    const auto find{
        [step, &place](auto& program) -> decltype(auto) { return (program::At(program.steps[step], place)); }};
    const program::Value& value{find(search.Current())};
    if (value.As<program::Blob>()) {
        const bool is_text{place.type.kind == schema::Kind::TEXT};
        const auto bytes{
            [&](auto& program) -> decltype(auto) { return (find(program).template As<program::Blob>()->bytes); }};
        Simplify(search, bytes, is_text ? SIMPLEST_LETTER : '\0');
    } else if (const auto* object{value.As<ServedObject>()}) {
        const auto same{[&](auto& program) -> decltype(auto) { return (*find(program).template As<ServedObject>()); }};
        SimplifyMessages(search, object->reactions.size(), same);
    }
}

void SimplifyStep(Search& search, StepIndex step)
{
    const program::Step& now{search.Current().steps[step]};
    if (std::holds_alternative<program::Bytes>(now)) {
        const auto bytes{
            [step](auto& program) -> decltype(auto) { return (std::get<program::Bytes>(program.steps[step]).bytes); }};
        Simplify(search, bytes, '\0');
    } else if (const auto* serve{std::get_if<program::Serve>(&now)}) {
        const auto object{
            [step](auto& program) -> decltype(auto) { return (std::get<program::Serve>(program.steps[step]).object); }};
        SimplifyMessages(search, serve->object.reactions.size(), object);
    }
    // The paths stay valid, because a shorter string does not change them.
    for (const ArgumentPath& place : program::AllPaths(search.GetSchema(), search.Current().steps[step])) {
        if (search.Ended()) return;
        if (!IsInLateElement(place)) SimplifyPlace(search, step, place);
    }
}

} // namespace

void SimplifyText(Search& search)
{
    for (size_t step{search.Current().steps.size()}; step-- > 0 && !search.Ended();) {
        SimplifyStep(search, static_cast<StepIndex>(step));
    }
}

} // namespace mpfuzz::triage
