#include <mpfuzz/observe/conduct.h>

#include <mpfuzz/observe/values.h>

#include <algorithm>

namespace mpfuzz::observe {

bool SpeaksByHand(const program::Program& program, std::optional<program::StepIndex> connection)
{
    return std::ranges::any_of(program.steps, [&](const program::Step& step) {
        const auto* message{std::get_if<program::Message>(&step)};
        const auto* bytes{std::get_if<program::Bytes>(&step)};
        return (message && message->connection == connection) || (bytes && bytes->connection == connection);
    });
}

bool TellsToEnd(const program::Program& program)
{
    return std::ranges::any_of(program.steps,
                               [](const program::Step& step) { return std::holds_alternative<program::Signal>(step); });
}

bool MayBeOurOwn(const program::Program& program, const trace::Trace& trace, program::StepIndex call)
{
    if (!program::ConnectionOf(program, call)) return true;
    const schema::MethodRef method{std::get<program::Call>(program.steps.at(call)).method};
    return std::ranges::any_of(trace.served, [&](const trace::ServedCall& served) { return served.method == method; });
}

bool IsAnsweredFairly(const program::Program& program, const trace::Trace& trace, program::StepIndex call)
{
    const trace::Outcome& outcome{trace.outcomes.at(call)};
    return outcome.status == trace::Status::ANSWERED && outcome.answer && IsWhole(*outcome.answer) &&
           !TellsToEnd(program) && !MayBeOurOwn(program, trace, call) &&
           !SpeaksByHand(program, program::ConnectionOf(program, call));
}

} // namespace mpfuzz::observe
