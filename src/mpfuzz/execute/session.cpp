#include <mpfuzz/execute/session.h>

#include <algorithm>

namespace mpfuzz::execute {
namespace {

using capnp::DynamicStruct;
using program::StepIndex;
using trace::Status;

trace::ExceptionKind KindOf(const kj::Exception& exception)
{
    return static_cast<trace::ExceptionKind>(exception.getType());
}

} // namespace

Session::Session(SessionContext context, const program::Program& program)
    : m_context{kj::mv(context)}, m_schema{m_context.schema}, m_program{program},
      m_start{std::chrono::steady_clock::now()}, m_death{kj::mv(m_context.death).fork()},
      m_environment{std::make_shared<std::unique_ptr<ServedEnvironment>>()}
{
    *m_environment = std::make_unique<ServedEnvironment>(ServedEnvironment{
        .references = *this,
        .on_call =
            [this](StepIndex step, schema::MethodRef method, program::StructValue arguments) {
                m_trace.served.push_back({step, method, Now(), std::move(arguments)});
            },
        .reached = [this](uint32_t step) -> kj::Maybe<kj::Promise<void>> {
            if (m_at_end || step <= m_current) return nullptr;
            auto reached{kj::newPromiseAndFulfiller<void>()};
            m_due_answers.emplace(step, kj::mv(reached.fulfiller));
            return kj::mv(reached.promise);
        },
        .disconnect =
            [this](StepIndex step) {
                const auto on{m_passed_on.find(step)};
                const auto connection{m_connections.find(on == m_passed_on.end() ? step : on->second)};
                if (connection != m_connections.end()) connection->second->ShutAbruptly();
            },
        .on_unanswered = [this] { Wake(); },
    });
    m_trace.outcomes.resize(program.steps.size());
}

Session::~Session() { m_environment->reset(); }

trace::Trace Session::ExecuteProgram(bool await_each)
{
    const auto limit{std::chrono::duration_cast<std::chrono::nanoseconds>(m_context.rules.program).count()};
    for (m_current = 0; m_current < m_program.steps.size(); ++m_current) {
        Outcome& outcome{m_trace.outcomes[m_current]};
        if (m_died || m_trace.ending.asked_to_shut_down || Now() > limit) {
            outcome.message = m_died                              ? "the target has died"
                              : m_trace.ending.asked_to_shut_down ? "the target was asked to shut down"
                                                                  : "the program's time is up";
            continue;
        }
        SendDueAnswers();
        outcome.status = Status::DONE;
        outcome.sent_ns = Now();
        KJ_IF_MAYBE (exception, kj::runCatchingExceptions([&] {
                         std::visit([&](const auto& step) { ExecuteStep(m_current, step); },
                                    m_program.steps[m_current]);
                     })) {
            outcome.status = Status::LOCAL;
            outcome.exception = KindOf(*exception);
            outcome.message = exception->getDescription().cStr();
        }
        if (await_each && Outstanding(m_current)) AwaitCalls({m_current});
    }
    Finish();
    m_trace.duration_ns = Now();
    return std::move(m_trace);
}

void Session::SendDueAnswers()
{
    const auto end{m_at_end ? m_due_answers.end() : m_due_answers.upper_bound(m_current)};
    for (auto due{m_due_answers.begin()}; due != end; ++due) due->second->fulfill();
    m_due_answers.erase(m_due_answers.begin(), end);
}

void Session::Answered(StepIndex index, capnp::Response<DynamicStruct>&& response)
{
    CallState& call{m_calls.at(index)};
    Outcome& outcome{m_trace.outcomes[index]};
    call.outstanding = false;
    ++m_ended;
    outcome.status = Status::ANSWERED;
    outcome.ended_ns = Now();
    KJ_IF_MAYBE (exception,
                 kj::runCatchingExceptions([&] { outcome.answer = Read(m_schema, call.results, response); })) {
        outcome.message = exception->getDescription().cStr();
    }
    // If the answer was dropped, its capabilities must not be kept either.
    if (call.pipeline != nullptr) call.response = kj::mv(response);
    Wake();
}

void Session::Failed(StepIndex index, const kj::Exception& exception)
{
    if (const auto call{m_calls.find(index)}; call != m_calls.end()) call->second.outstanding = false;
    ++m_ended;
    Outcome& outcome{m_trace.outcomes[index]};
    outcome.status = Status::EXCEPTION;
    outcome.exception = KindOf(exception);
    outcome.message = exception.getDescription().cStr();
    outcome.ended_ns = Now();
    Wake();
}

void Session::ReleaseObjects(StepIndex connection)
{
    for (auto& [index, call] : m_calls) {
        if (call.connection != connection) continue;
        call.task = nullptr;
        call.outstanding = false;
        call.pipeline = nullptr;
        call.response = nullptr;
        call.kept.clear();
    }
    std::erase_if(m_objects,
                  [&](const auto& object) { return program::ConnectionOf(m_program, object.first) == connection; });
    std::erase_if(m_bootstraps,
                  [&](const auto& step) { return program::ConnectionOf(m_program, step.first) == connection; });
}

void Session::Close(StepIndex connection)
{
    // Send what earlier steps wrote, because ShutAbruptly discards queued bytes.
    Poll();
    const auto found{m_connections.find(connection)};
    if (found == m_connections.end()) return;
    RecordState(connection, *found->second);
    found->second->ShutAbruptly();
    // Release objects only now, so that outstanding calls end with the connection and not by a Finish message.
    ReleaseObjects(connection);
    m_connections.erase(found);
}

void Session::RecordState(StepIndex index, const Connection& connection)
{
    m_trace.ending.main_interface_seen |= connection.HasMain();
    // If a correct target may close the connection, this does not mean that the target dies.
    if (!connection.Broken() || connection.MayBeClosed() || m_died || m_trace.ending.asked_to_shut_down) return;
    m_suspicious = true;
    trace::Closing closing{.connection = index};
    for (StepIndex step{0}; step < m_program.steps.size() && closing.reason.empty(); ++step) {
        const Outcome& outcome{m_trace.outcomes[step]};
        const bool failed{outcome.status == Status::EXCEPTION &&
                          outcome.exception == trace::ExceptionKind::DISCONNECTED};
        if (failed && program::ConnectionOf(m_program, step) == index) closing.reason = outcome.message;
    }
    m_trace.ending.closed.push_back(std::move(closing));
}

void Session::Finish()
{
    m_at_end = true;
    SendDueAnswers();
    // Send what the steps wrote.
    Poll();
    if (m_context.on_all_steps_executed && !m_died) m_context.on_all_steps_executed();
    if (m_trace.ending.asked_to_shut_down) {
        // The target has to end; it need not answer the outstanding calls.
        WaitUntil([] { return false; }, m_context.rules.end);
        if (!m_died) WaitUntil([] { return false; }, m_context.rules.grace);
    }
    std::vector<StepIndex> due;
    for (StepIndex index{0}; index < m_program.steps.size(); ++index) {
        const auto call{m_calls.find(index)};
        if (call == m_calls.end() || !call->second.may_block) due.push_back(index);
    }
    if (!m_trace.ending.asked_to_shut_down) AwaitCalls(due);
    if (m_context.before_closing && !m_died) m_context.before_closing();
    while (!m_connections.empty()) {
        const StepIndex connection{m_connections.begin()->first};
        KJ_IF_MAYBE (exception, kj::runCatchingExceptions([&] { Close(connection); })) {
            m_connections.erase(connection);
        }
    }
    m_calls.clear();
    m_objects.clear();
    m_bootstraps.clear();
}

int64_t Session::Now() const
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - m_start).count();
}

} // namespace mpfuzz::execute
