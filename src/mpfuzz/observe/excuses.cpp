#include <mpfuzz/observe/excuses.h>

#include <mpfuzz/observe/values.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>

namespace mpfuzz::observe {
namespace {

using program::StepIndex;
using trace::Status;

//! True if a step contains a served object that does not answer calls of that method at once.
bool AnswersLate(const program::Step& step, schema::MethodRef method)
{
    bool answers_late{false};
    program::ForEachServed(step, [&](const program::ServedObject& object) {
        answers_late |= std::ranges::any_of(object.reactions, [&](const program::Reaction& reaction) {
            return !reaction.IsPrompt() && reaction.method == method;
        });
    });
    return answers_late;
}

//! True for steps after which a correct target may close the connection.
bool MayClose(const program::Step& step)
{
    return std::holds_alternative<program::Disconnect>(step) || std::holds_alternative<program::Message>(step) ||
           std::holds_alternative<program::Bytes>(step);
}

//! True if a step contains a served object that disconnects if that method is called.
bool Disconnects(const program::Step& step, schema::MethodRef method)
{
    using Kind = program::Reaction::Kind;
    constexpr auto DISCONNECTED{static_cast<uint8_t>(trace::ExceptionKind::DISCONNECTED)};
    bool disconnects{false};
    program::ForEachServed(step, [&](const program::ServedObject& object) {
        disconnects |= std::ranges::any_of(object.reactions, [&](const program::Reaction& reaction) {
            const bool throws{reaction.kind == Kind::THROW && reaction.exception == DISCONNECTED};
            return (throws || reaction.kind == Kind::DISCONNECT) && reaction.method == method;
        });
    });
    return disconnects;
}

} // namespace

bool SendsRaw(const program::Program& program, std::optional<StepIndex> connection)
{
    return std::ranges::any_of(program.steps, [&](const program::Step& step) {
        const auto* message{std::get_if<program::Message>(&step)};
        const auto* bytes{std::get_if<program::Bytes>(&step)};
        return (message && message->connection == connection) || (bytes && bytes->connection == connection);
    });
}

bool SendsSignal(const program::Program& program)
{
    return std::ranges::any_of(program.steps,
                               [](const program::Step& step) { return std::holds_alternative<program::Signal>(step); });
}

bool MayBeAnsweredByUs(const program::Program& program, const trace::Trace& trace, StepIndex call)
{
    if (!program::ConnectionOf(program, call)) return true;
    const schema::MethodRef method{std::get<program::Call>(program.steps.at(call)).method};
    return std::ranges::any_of(trace.served, [&](const trace::ServedCall& served) { return served.method == method; });
}

bool AnswerMustBeCorrect(const program::Program& program, const trace::Trace& trace, StepIndex call)
{
    const trace::Outcome& outcome{trace.outcomes.at(call)};
    return outcome.status == Status::ANSWERED && outcome.answer && IsWhole(*outcome.answer) && !SendsSignal(program) &&
           !MayBeAnsweredByUs(program, trace, call) && !SendsRaw(program, program::ConnectionOf(program, call));
}

bool AwaitsOurAnswer(const Case& run)
{
    return std::ranges::any_of(run.trace.served, [&](const trace::ServedCall& served) {
        return std::ranges::any_of(run.program.steps,
                                   [&](const program::Step& step) { return AnswersLate(step, served.method); });
    });
}

bool ProvokedDisconnect(const program::Program& program, const trace::Trace& trace, StepIndex call)
{
    const trace::Outcome& outcome{trace.outcomes.at(call)};
    if (outcome.status != Status::EXCEPTION || outcome.exception != trace::ExceptionKind::DISCONNECTED) return false;
    if (trace.ending.asked_to_shut_down) return true;
    if (!trace.ending.alive) return false;
    const auto connection{program::ConnectionOf(program, call)};
    bool elsewhere{false};
    for (StepIndex index{0}; index < program.steps.size(); ++index) {
        const trace::Outcome& closing{trace.outcomes[index]};
        if (!MayClose(program.steps[index]) || closing.status != Status::DONE) continue;
        if (closing.sent_ns > outcome.ended_ns) continue;
        if (program::ConnectionOf(program, index) == connection) return true;
        elsewhere = true;
    }
    const auto is_own{
        [&](const trace::Closing& closed) { return closed.connection && closed.connection == connection; }};
    if (std::ranges::any_of(trace.ending.closed, is_own)) return false;
    return elsewhere || std::ranges::any_of(trace.served, [&](const trace::ServedCall& served) {
               return std::ranges::any_of(program.steps,
                                          [&](const program::Step& step) { return Disconnects(step, served.method); });
           });
}

bool MayWait(const Case& run, std::optional<StepIndex> connection)
{
    if (SendsRaw(run.program, connection)) return true;
    for (StepIndex index{0}; index < run.program.steps.size(); ++index) {
        const program::Step& step{run.program.steps[index]};
        const auto* close{std::get_if<program::Disconnect>(&step)};
        const bool half{close && close->how == program::Disconnect::How::HALF};
        if (half && close->connection == connection) return true;
        const auto* call{std::get_if<program::Call>(&step)};
        if (!call || !run.limits.MayBlock(call->method)) continue;
        const Status status{run.trace.outcomes[index].status};
        const bool outstanding{status == Status::UNANSWERED || status == Status::CANCELLED};
        if (outstanding && program::ConnectionOf(run.program, index) == connection) return true;
    }
    return false;
}

} // namespace mpfuzz::observe
