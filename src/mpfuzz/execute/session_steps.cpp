#include <mpfuzz/execute/session.h>

#include <mpfuzz/program/visit.h>

#include <capnp/schema-loader.h>
#include <capnp/serialize.h>

#include <signal.h>

#include <array>
#include <string_view>

// What each step of a program does.
namespace mpfuzz::execute {

using capnp::DynamicStruct;
using program::StepIndex;
using trace::Status;

namespace {

//! In the order of program::Signal::Kind.
constexpr std::array SIGNALS{SIGTERM, SIGINT, SIGHUP};

//! For Disconnect::How::TORN: a segment table that announces one segment of sixteen words, and the first word only.
constexpr std::string_view TORN_MESSAGE{"\0\0\0\0\x10\0\0\0\0\0\0\0\x01\0\x01\0", 16};

constexpr const char* CLOSED{"its connection is closed"};

} // namespace

void Session::ExecuteStep(StepIndex index, const program::Connect&)
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

void Session::ExecuteStep(StepIndex index, const program::Bootstrap& step)
{
    const auto connection{m_connections.find(step.connection)};
    if (connection == m_connections.end()) {
        m_trace.outcomes[index].status = Status::SKIPPED;
        m_trace.outcomes[index].message = CLOSED;
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

void Session::ExecuteStep(StepIndex index, const program::Call& step)
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
        call.may_block = m_context.rules.MayBlock(step.method);
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
        m_trace.outcomes[index].message = "the capability is null, was dropped, or was never received";
    }
}

void Session::ExecuteStep(StepIndex, const program::Await& step)
{
    std::vector<StepIndex> calls;
    if (step.call) {
        calls.push_back(*step.call);
    } else {
        for (StepIndex index{0}; index < m_current; ++index) calls.push_back(index);
    }
    AwaitCalls(calls);
}

void Session::ExecuteStep(StepIndex, const program::Cancel& step)
{
    const auto call{m_calls.find(step.call)};
    if (call == m_calls.end() || !call->second.outstanding) return;
    call->second.task = nullptr;
    call->second.pipeline = nullptr;
    call->second.outstanding = false;
    m_trace.outcomes[step.call].status = Status::CANCELLED;
    m_trace.outcomes[step.call].ended_ns = Now();
}

void Session::ExecuteStep(StepIndex index, const program::Drop& step)
{
    const program::CapabilityRef& ref{step.capability};
    m_dropped.push_back(ref);
    m_objects.erase(ref.step);
    const auto found{m_calls.find(ref.step)};
    if (found == m_calls.end()) return;
    CallState& call{found->second};
    // Only the whole answer can be released, so keep the other capabilities in it that later steps need.
    for (StepIndex later{index + 1}; later < m_program.steps.size(); ++later) {
        program::ForEachCapability(m_program.steps[later], [&](const program::CapabilityRef& other) {
            if (other.step != ref.step || other == ref) return;
            KJ_IF_MAYBE (client, Find(other)) call.kept.emplace_back(other.path, kj::mv(*client));
        });
    }
    call.pipeline = nullptr;
    call.response = nullptr;
}

void Session::ExecuteStep(StepIndex index, const program::Serve& step) { m_objects.emplace(index, Serve(step.object)); }

void Session::ExecuteStep(StepIndex, const program::Disconnect& step)
{
    using How = program::Disconnect::How;
    const auto connection{m_connections.find(step.connection)};
    if (connection == m_connections.end()) return;
    switch (step.how) {
    case How::CLEAN: ReleaseObjects(step.connection); break;
    case How::ABRUPT: break;
    case How::HALF:
        // Send what earlier steps wrote, and nothing that later steps write.
        Poll();
        connection->second->ShutWrite();
        Poll();
        return;
    case How::TORN: connection->second->SendRaw(TORN_MESSAGE); break;
    }
    Close(step.connection);
}

void Session::ExecuteStep(StepIndex index, const program::Message& step)
{
    const auto schema{m_schema.Loader().get(m_schema.GetStruct(m_schema.RpcMessage()).id).asStruct()};
    capnp::MallocMessageBuilder message;
    Fill(m_schema, m_schema.RpcMessage(), message.initRoot<DynamicStruct>(schema), step.message, *this);
    const auto words{capnp::messageToFlatArray(message)};
    const auto bytes{words.asChars()};
    SendRaw(index, step.connection, {bytes.begin(), bytes.size()});
}

void Session::ExecuteStep(StepIndex index, const program::Bytes& step) { SendRaw(index, step.connection, step.bytes); }

void Session::SendRaw(StepIndex index, StepIndex connection, std::string_view bytes)
{
    if (const auto found{m_connections.find(connection)}; found != m_connections.end()) {
        found->second->SendRaw(bytes);
        return;
    }
    m_trace.outcomes[index].status = Status::SKIPPED;
    m_trace.outcomes[index].message = CLOSED;
}

void Session::ExecuteStep(StepIndex index, const program::Signal& step)
{
    // Send what earlier steps wrote before the signal.
    Poll();
    const int signal{SIGNALS.at(static_cast<size_t>(step.kind))};
    if (m_context.signal(signal)) {
        m_trace.ending.asked_to_shut_down = signal;
    } else {
        m_trace.outcomes[index].status = Status::SKIPPED;
        m_trace.outcomes[index].message = "mpfuzz did not start the target, so it cannot send it a signal";
    }
}

void Session::ExecuteStep(StepIndex, const program::Delay& step)
{
    WaitUntil([] { return false; }, std::chrono::milliseconds{step.ms});
}

} // namespace mpfuzz::execute
