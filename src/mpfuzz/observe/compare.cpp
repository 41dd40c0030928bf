#include <mpfuzz/observe/compare.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/observe/values.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>

namespace mpfuzz::observe {
namespace {

using program::StepIndex;
using trace::Status;

//! True if every served object in a step, or in another served object, only returns results from each method.
template<typename Root>
bool OnlyReturns(const Root& root)
{
    bool only_returns{true};
    program::ForEachServed(root, [&](const program::ServedObject& object) {
        only_returns &= std::ranges::all_of(object.reactions, [](const program::Reaction& reaction) {
            return reaction.kind == program::Reaction::Kind::RETURN;
        });
    });
    return only_returns;
}

bool Contains(const std::vector<schema::MethodRef>& methods, schema::MethodRef method)
{
    return std::ranges::find(methods, method) != methods.end();
}

//! Visits the steps of a program in order. Returns true for each step that may be part of a comparable program.
class Comparability
{
public:
    explicit Comparability(const Limits& limits) : m_limits{limits} {}

    bool operator()(const program::Connect&) { return ++m_connections == 1; }
    bool operator()(const program::Bootstrap&) { return true; }
    bool operator()(const program::Await&) { return true; }
    bool operator()(const program::Drop&) { return true; }
    bool operator()(const program::Serve& step) { return OnlyReturns(step.object); }
    bool operator()(const program::Call& call)
    {
        if (!Contains(m_limits.deterministic, call.method) || m_limits.MayBlock(call.method)) return false;
        if (!OnlyReturns(call.arguments.fields)) return false;
        for (const Queue& queue : m_limits.queues) {
            if (queue.method != call.method) continue;
            const auto place{PlaceInQueue(queue, call)};
            if (!place || (m_place && *m_place != *place)) return false;
            m_place = place;
        }
        return true;
    }
    template<typename Other>
    bool operator()(const Other&)
    {
        return false;
    }

private:
    const Limits& m_limits;
    size_t m_connections{0};
    std::optional<program::CapabilityRef> m_place;
};

//! A finding of the oracles that only one of the two runs has. Returns nullopt if there is none.
std::optional<Difference> CompareFindings(const Case& a, const Case& b)
{
    const auto ours{Judge(a)}, theirs{Judge(b)};
    const auto only{[](const std::vector<Finding>& here, const std::vector<Finding>& there) -> const Finding* {
        const auto found{std::ranges::find_if(here, [&](const Finding& finding) {
            return std::ranges::none_of(there,
                                        [&](const Finding& other) { return other.identity == finding.identity; });
        })};
        return found == here.end() ? nullptr : &*found;
    }};
    const Finding* const first{only(ours, theirs)};
    const Finding* const finding{first ? first : only(theirs, ours)};
    if (!finding) return std::nullopt;
    return Difference{.step = 0,
                      .title = "in one of the two only: " + Describe(finding->identity),
                      .details = std::string{"only in the "} + (first ? "first" : "second") + " run" +
                                 (finding->details.empty() ? "" : "\n" + finding->details)};
}

//! True if every step was executed, and every call was answered or failed.
bool IsComplete(const trace::Trace& trace)
{
    return std::ranges::none_of(trace.outcomes, [](const trace::Outcome& outcome) {
        return outcome.status == Status::SKIPPED || outcome.status == Status::UNANSWERED ||
               outcome.status == Status::CANCELLED;
    });
}

//! True if all answers and capabilities to which a call refers existed.
bool RefersToExisting(const program::Program& program, const trace::Trace& trace, StepIndex step)
{
    bool exists{true};
    program::ForEachReference(program.steps[step], [&](const StepIndex& origin) {
        if (!std::holds_alternative<program::Call>(program.steps[origin])) return;
        exists &= trace.outcomes[origin].status == Status::ANSWERED && trace.outcomes[origin].answer;
    });
    if (!exists) return false;
    program::ForEachCapability(program.steps[step], [&](const program::CapabilityRef& ref) {
        if (!std::holds_alternative<program::Call>(program.steps[ref.step])) return;
        exists &= HasCapability(*trace.outcomes[ref.step].answer, ref.path);
    });
    return exists;
}

std::optional<std::string> CompareOutcomes(const schema::Schema& schema, const program::Call& call,
                                           const trace::Outcome& a, const trace::Outcome& b)
{
    const bool answered{a.status == Status::ANSWERED};
    if (answered != (b.status == Status::ANSWERED)) return "one answer is an exception, the other is not";
    if (!answered) {
        const bool both_came{a.status == Status::EXCEPTION && b.status == Status::EXCEPTION};
        if (both_came && a.exception != b.exception) return "the exceptions are of different kinds";
        return std::nullopt;
    }
    if (!a.answer || !b.answer || !IsWhole(*a.answer) || !IsWhole(*b.answer)) return std::nullopt;
    const schema::Type results{schema::Kind::STRUCT, schema.GetMethod(call.method).results};
    auto place{FirstDifference(schema, results, program::Value{*a.answer}, program::Value{*b.answer})};
    if (!place) return std::nullopt;
    return "the answers differ in " + (place->starts_with('.') ? place->substr(1) : *place);
}

//! The whole answer to a call, as in a program, or how the call ended.
std::string AnswerText(const schema::Schema& schema, const program::Call& call, const trace::Outcome& outcome)
{
    if (outcome.answer) return program::PrintStruct(schema, schema.GetMethod(call.method).results, *outcome.answer, {});
    std::string text{trace::Name(outcome.status)};
    if (outcome.status != Status::ANSWERED) text += " " + std::string{trace::Name(outcome.exception)};
    return text + " " + base::Quote(outcome.message);
}

} // namespace

bool IsComparable(const program::Program& program, const Limits& limits)
{
    Comparability comparability{limits};
    return std::ranges::all_of(program.steps,
                               [&](const program::Step& step) { return std::visit(comparability, step); }) &&
           program::CountCalls(program) > 0;
}

bool IsComparableStep(const program::Step& step, const Limits& limits)
{
    return std::visit(Comparability{limits}, step);
}

std::optional<Difference> Compare(const schema::Schema& schema, const program::Program& program, const trace::Trace& a,
                                  const trace::Trace& b, const Limits& limits)
{
    CHECK(a.outcomes.size() == program.steps.size() && b.outcomes.size() == program.steps.size());
    if (auto difference{CompareFindings({schema, program, a, limits}, {schema, program, b, limits})}) return difference;
    if (!a.ending.alive || !b.ending.alive || !IsComplete(a) || !IsComplete(b)) return std::nullopt;
    for (StepIndex step{0}; step < program.steps.size(); ++step) {
        const auto* call{std::get_if<program::Call>(&program.steps[step])};
        if (!call) continue;
        if (!RefersToExisting(program, a, step) || !RefersToExisting(program, b, step)) return std::nullopt;
        if (const auto how{CompareOutcomes(schema, *call, a.outcomes[step], b.outcomes[step])})
            return Difference{.step = step,
                              .title = schema.MethodName(call->method) + ": " + *how,
                              .details = program::StepLabel(schema, program, step) +
                                         "\nfirst:  " + AnswerText(schema, *call, a.outcomes[step]) +
                                         "\nsecond: " + AnswerText(schema, *call, b.outcomes[step])};
    }
    return std::nullopt;
}

} // namespace mpfuzz::observe
