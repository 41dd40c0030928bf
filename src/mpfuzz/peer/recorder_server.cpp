#include <mpfuzz/peer/recorder.h>

#include <algorithm>

// Messages from the server of a recorded connection.
namespace mpfuzz::peer {

using Descriptor = capnp::rpc::CapDescriptor;

void Recorder::HandleServer(capnp::rpc::Message::Reader message)
{
    using Message = capnp::rpc::Message;
    switch (message.which()) {
    case Message::CALL: return ServerCall(message.getCall());
    case Message::RETURN: return ServerReturn(message.getReturn());
    case Message::FINISH: return ServerFinish(message.getFinish());
    case Message::RESOLVE: return ServerResolve(message.getResolve());
    case Message::RELEASE: return ReleaseExport(message.getRelease().getId(), message.getRelease().getReferenceCount());
    case Message::DISEMBARGO: return;
    case Message::ABORT: return Note("the server ended the connection with an Abort message");
    case Message::UNIMPLEMENTED: return Note("the server did not know a message");
    default: return Note("a message of the server of another kind");
    }
}

void Recorder::ServerCall(capnp::rpc::Call::Reader call)
{
    Callback callback;
    callback.imports = AddImports(call.getParams().getCapTable());
    const auto target{call.getTarget()};
    const auto found{target.isImportedCap() ? m_exports.find(target.getImportedCap()) : m_exports.end()};
    if (found != m_exports.end()) {
        callback.object = found->second.object;
        std::optional<uint32_t>& interface = m_recording.GetObject(found->second.object).interface;
        callback.method = FindMethod(m_schema, interface, call.getInterfaceId(), call.getMethodId());
        // The object was passed with one interface, and the method may belong to an interface that extends it.
        const bool more_exact{callback.method &&
                              (!interface || m_schema.Extends(callback.method->interface, *interface))};
        if (more_exact) interface = callback.method->interface;
    }
    if (!callback.object || !callback.method)
        Note("a call of the server on an object or method that the program does not serve");
    m_callbacks[call.getQuestionId()] = std::move(callback);
}

void Recorder::ServerReturn(capnp::rpc::Return::Reader answer)
{
    const auto found{m_questions.find(answer.getAnswerId())};
    if (found == m_questions.end()) return Note("an answer of the server to a question that was not asked");
    Question& question{found->second};
    question.returned = true;
    if (question.step && question.results && !question.finished) m_answered.push_back(*question.step);
    if (answer.getReleaseParamCaps()) {
        for (const uint32_t id : question.exports) ReleaseExport(id, 1);
    }
    if (answer.isResults()) {
        const bool kept{!question.finished || !question.releases_results};
        if (kept) ReadResults(question, answer.getResults());
    } else if (!answer.isException() && !answer.isCanceled()) {
        Note("an answer of the server that was to come from another question");
    }
    if (question.finished) m_questions.erase(found);
}

void Recorder::ReadResults(Question& question, capnp::rpc::Payload::Reader payload)
{
    question.imports = AddImports(payload.getCapTable());
    if (!question.step) return;
    const auto name{[&](Descriptor::Reader descriptor, const program::Path& path) {
        if (!descriptor.isSenderHosted() && !descriptor.isSenderPromise()) return;
        const uint32_t id{descriptor.isSenderHosted() ? descriptor.getSenderHosted() : descriptor.getSenderPromise()};
        std::vector<Ref>& refs{m_imports.at(id).refs};
        const Ref ref{*question.step, path};
        if (std::ranges::count(refs, ref) == 0) refs.push_back(ref);
    }};
    if (!question.results) {
        for (const auto descriptor : payload.getCapTable()) name(descriptor, {});
        return;
    }
    Read(m_schema, *question.results, payload,
         [&](Descriptor::Reader descriptor, schema::Type, const program::Path& path) -> program::Value {
             name(descriptor, path);
             return program::SeenCapability{};
         });
}

void Recorder::ServerFinish(capnp::rpc::Finish::Reader finish)
{
    const auto found{m_callbacks.find(finish.getQuestionId())};
    if (found == m_callbacks.end()) return;
    const std::vector<uint32_t> exports{finish.getReleaseResultCaps() ? std::move(found->second.exports)
                                                                      : std::vector<uint32_t>{}};
    m_callbacks.erase(found);
    for (const uint32_t id : exports) ReleaseExport(id, 1);
}

void Recorder::ServerResolve(capnp::rpc::Resolve::Reader resolve)
{
    if (!resolve.isCap()) return;
    const auto cap{resolve.getCap()};
    if (!cap.isSenderHosted() && !cap.isSenderPromise()) return;
    const uint32_t id{cap.isSenderHosted() ? cap.getSenderHosted() : cap.getSenderPromise()};
    const auto promise{m_imports.find(resolve.getPromiseId())};
    const std::vector<Ref> refs{promise == m_imports.end() ? std::vector<Ref>{} : promise->second.refs};
    Import& import{m_imports[id]};
    ++import.count;
    for (const Ref& ref : refs) {
        if (std::ranges::count(import.refs, ref) == 0) import.refs.push_back(ref);
    }
}

} // namespace mpfuzz::peer
