#include <mpfuzz/execute/session.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>

#include <capnp/schema-loader.h>

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
    *m_environment =
        std::make_unique<ServedEnvironment>(ServedEnvironment{*this, [this](StepIndex step, schema::MethodRef method) {
                                                                  m_trace.served.push_back({step, method, Now()});
                                                              }});
    m_trace.outcomes.resize(program.steps.size());
}

Session::~Session() { m_environment->reset(); }

trace::Trace Session::Run(bool await_each)
{
    const auto limit{std::chrono::duration_cast<std::chrono::nanoseconds>(m_context.deadlines.program).count()};
    for (m_current = 0; m_current < m_program.steps.size(); ++m_current) {
        Outcome& outcome{m_trace.outcomes[m_current]};
        if (m_died || Now() > limit) {
            outcome.message = m_died ? "the target has died" : "the program's time is up";
            continue;
        }
        outcome.status = Status::DONE;
        outcome.sent_ns = Now();
        KJ_IF_MAYBE (exception, kj::runCatchingExceptions([&] {
                         std::visit([&](const auto& step) { Carry(m_current, step); }, m_program.steps[m_current]);
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

void Session::Carry(StepIndex index, const program::Connect&)
{
    auto connection{m_context.connect()};
    if (connection) {
        m_connections.emplace(index, kj::mv(*connection));
    } else {
        m_trace.outcomes[index].status = Status::SKIPPED;
        m_trace.outcomes[index].message = connection.GetError().message;
        m_suspicious = true;
    }
}

void Session::Carry(StepIndex index, const program::Bootstrap& step)
{
    const auto connection{m_connections.find(step.connection)};
    if (connection == m_connections.end()) {
        m_trace.outcomes[index].status = Status::SKIPPED;
        m_trace.outcomes[index].message = "its connection is closed";
        return;
    }
    m_trace.outcomes[index].status = Status::UNANSWERED;
    m_objects.emplace(index, connection->second->Main());
    m_bootstraps.emplace(index, connection->second->Main()
                                    .whenResolved()
                                    .then(
                                        [this, index] {
                                            m_trace.outcomes[index].status = Status::ANSWERED;
                                            m_trace.outcomes[index].ended_ns = Now();
                                            Wake();
                                        },
                                        [this, index](kj::Exception&& exception) { Failed(index, exception); })
                                    .eagerlyEvaluate(nullptr));
}

void Session::Carry(StepIndex index, const program::Call& step)
{
    auto target{Find(step.target)};
    KJ_IF_MAYBE (client, target) {
        const schema::Method& method{m_schema.GetMethod(step.method)};
        const auto interface = m_schema.Loader().get(m_schema.GetInterface(step.method.interface).id).asInterface();
        auto request{client->castAs<capnp::DynamicCapability>(interface).newRequest(
            interface.getMethodByName(method.name.c_str()))};
        Fill(m_schema, method.params, request, step.arguments, *this);

        CallState& call{m_calls[index]};
        call.connection = program::ConnectionOf(m_program, index).value_or(index);
        call.results = method.results;
        const auto& may_block{m_context.deadlines.may_block};
        call.may_block = std::find(may_block.begin(), may_block.end(), step.method) != may_block.end();
        call.outstanding = true;
        m_trace.outcomes[index].status = Status::UNANSWERED;
        m_trace.outcomes[index].sent_ns = Now();
        auto promise{request.send()};
        call.pipeline = DynamicStruct::Pipeline{kj::mv(promise)};
        call.task =
            promise
                .then([this, index](capnp::Response<DynamicStruct>&& response) { Answered(index, kj::mv(response)); },
                      [this, index](kj::Exception&& exception) { Failed(index, exception); })
                .eagerlyEvaluate(nullptr);
    } else {
        m_trace.outcomes[index].status = Status::LOCAL;
        m_trace.outcomes[index].message = "the capability is null, dropped, or was never there";
    }
}

void Session::Carry(StepIndex, const program::Await& step)
{
    std::vector<StepIndex> calls;
    if (step.call) {
        calls.push_back(*step.call);
    } else {
        for (StepIndex index{0}; index < m_current; ++index) calls.push_back(index);
    }
    AwaitCalls(calls);
}

void Session::Carry(StepIndex, const program::Cancel& step)
{
    const auto call{m_calls.find(step.call)};
    if (call == m_calls.end() || !call->second.outstanding) return;
    call->second.task = nullptr;
    call->second.pipeline = nullptr;
    call->second.outstanding = false;
    m_trace.outcomes[step.call].status = Status::CANCELED;
    m_trace.outcomes[step.call].ended_ns = Now();
}

void Session::Carry(StepIndex index, const program::Drop& step)
{
    const program::CapabilityRef& ref{step.capability};
    m_dropped.push_back(ref);
    m_objects.erase(ref.step);
    const auto found{m_calls.find(ref.step)};
    if (found == m_calls.end()) return;
    CallState& call{found->second};
    // The capability lives in the answer, which goes as a whole: what later steps need from it is kept.
    for (StepIndex later{index + 1}; later < m_program.steps.size(); ++later) {
        program::Step copy{m_program.steps[later]};
        program::ForEachCapability(copy, [&](program::CapabilityRef& other) {
            if (other.step != ref.step || other == ref) return;
            KJ_IF_MAYBE (client, Find(other)) call.kept.emplace_back(other.path, kj::mv(*client));
        });
    }
    call.pipeline = nullptr;
    call.response = nullptr;
}

void Session::Carry(StepIndex index, const program::Serve& step) { m_objects.emplace(index, Serve(step.object)); }

void Session::Carry(StepIndex, const program::Disconnect& step)
{
    if (step.how == program::Disconnect::How::CLEAN) ReleaseObjects(step.connection);
    Close(step.connection);
}

void Session::Carry(StepIndex, const program::Delay& step)
{
    WaitUntil([] { return false; }, std::chrono::milliseconds{step.ms});
}

template<typename Unsupported>
void Session::Carry(StepIndex index, const Unsupported&)
{
    CHECK(false, "an unsupported step was not refused", index);
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
    // A dropped answer is not kept, and neither are the capabilities in it.
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
    // What earlier steps sent goes out first: it is the closing that may be abrupt.
    m_context.io.waitScope.poll();
    const auto found{m_connections.find(connection)};
    if (found == m_connections.end()) return;
    m_suspicious |= found->second->Broken();
    found->second->ShutAbruptly();
    // Releasing only now: calls that are outstanding end with the connection, not by a Finish message.
    ReleaseObjects(connection);
    m_connections.erase(found);
}

void Session::Finish()
{
    std::vector<StepIndex> due;
    for (StepIndex index{0}; index < m_program.steps.size(); ++index) {
        const auto call{m_calls.find(index)};
        if (call == m_calls.end() || !call->second.may_block) due.push_back(index);
    }
    AwaitCalls(due);
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
