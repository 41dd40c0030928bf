#include <mpfuzz/peer/recorder.h>

// Messages from the client of a recorded connection.
namespace mpfuzz::peer {

using program::Value;
using Descriptor = capnp::rpc::CapDescriptor;

void Recorder::HandleClient(capnp::rpc::Message::Reader message)
{
    using Message = capnp::rpc::Message;
    switch (message.which()) {
    case Message::BOOTSTRAP:
        m_questions[message.getBootstrap().getQuestionId()] = {
            .step = m_recording.Add(program::Bootstrap{0, m_main_interface})};
        return;
    case Message::CALL: return ClientCall(message.getCall());
    case Message::RETURN: return ClientReturn(message.getReturn());
    case Message::FINISH: return ClientFinish(message.getFinish());
    case Message::RESOLVE: return ClientResolve(message.getResolve());
    case Message::RELEASE: return ReleaseImport(message.getRelease().getId(), message.getRelease().getReferenceCount());
    case Message::DISEMBARGO: return; // only affects the order of calls, which the program keeps
    case Message::ABORT: return Note("the client ended the connection with an Abort message");
    case Message::UNIMPLEMENTED: return Note("the client did not know a message");
    default: return Note("a message of the client of another kind");
    }
}

void Recorder::ClientCall(capnp::rpc::Call::Reader call)
{
    Question question;
    question.exports = AddExports(call.getParams().getCapTable());
    const auto target{Target(call.getTarget())};
    const auto method{FindMethod(m_schema, InterfaceOf(target), call.getInterfaceId(), call.getMethodId())};
    if (!target) {
        Note("a call on a capability that no step of the program made");
    } else if (!method) {
        Note("a call of a method that the schema does not have");
    } else if (!call.getSendResultsTo().isCaller()) {
        Note("a call whose results were not to be sent to the caller");
    } else {
        AddAwait();
        program::Call step{*target, *method, ReadSent(m_schema.GetMethod(*method).params, call.getParams())};
        question.step = m_recording.Add(std::move(step));
        question.results = m_schema.GetMethod(*method).results;
        ++m_calls;
    }
    m_questions[call.getQuestionId()] = std::move(question);
}

program::StructValue Recorder::ReadSent(uint32_t struct_index, capnp::rpc::Payload::Reader payload)
{
    ReadPayload read{Read(m_schema, struct_index, payload,
                          [&](Descriptor::Reader descriptor, schema::Type type, const program::Path&) {
                              return Sent(descriptor, type);
                          })};
    m_recording.Note("content of an untyped pointer, or a value that is too long", read.lost);
    return std::move(read.fields);
}

Value Recorder::Sent(Descriptor::Reader descriptor, schema::Type type)
{
    std::optional<Ref> ref;
    switch (descriptor.which()) {
    case Descriptor::NONE: return program::Null{};
    case Descriptor::SENDER_HOSTED:
    case Descriptor::SENDER_PROMISE: {
        const uint32_t id{descriptor.isSenderHosted() ? descriptor.getSenderHosted() : descriptor.getSenderPromise()};
        const uint32_t object{m_exports.at(id).object};
        RecordedObject& recorded{m_recording.GetObject(object)};
        if (!recorded.interface && type.kind == schema::Kind::INTERFACE) recorded.interface = type.index;
        return Recording::Object(object);
    }
    case Descriptor::RECEIVER_HOSTED: ref = Imported(descriptor.getReceiverHosted()); break;
    case Descriptor::RECEIVER_ANSWER: ref = Promised(descriptor.getReceiverAnswer()); break;
    default: break;
    }
    if (ref) return std::move(*ref);
    Note("a capability that no step of the program made, null instead");
    return program::Null{};
}

void Recorder::ClientReturn(capnp::rpc::Return::Reader answer)
{
    const auto found{m_callbacks.find(answer.getAnswerId())};
    if (found == m_callbacks.end()) return Note("an answer of the client to a question that was not asked");
    Callback& callback{found->second};
    callback.returned = true;
    if (answer.getReleaseParamCaps()) {
        for (const uint32_t id : callback.imports) ReleaseImport(id, 1);
    }
    if (answer.isResults()) callback.exports = AddExports(answer.getResults().getCapTable());
    if (!callback.object || !callback.method) return;
    program::Reaction reaction{.method = *callback.method};
    if (answer.isResults()) {
        reaction.results = ReadSent(m_schema.GetMethod(*callback.method).results, answer.getResults()).fields;
    } else if (answer.isException()) {
        const auto reason{answer.getException().getReason()};
        reaction.kind = program::Reaction::Kind::THROW;
        reaction.exception = static_cast<uint8_t>(answer.getException().getType()) % 4;
        reaction.message.assign(reason.begin(), reason.size());
    } else {
        return answer.isCanceled() ? void() : Note("an answer that was to come from another question");
    }
    auto& reactions{m_recording.GetObject(*callback.object).reactions};
    const auto [known, is_new]{reactions.try_emplace(*callback.method, reaction)};
    if (!is_new && !(known->second == reaction)) Note("an object of the client answered differently later");
}

void Recorder::ClientFinish(capnp::rpc::Finish::Reader finish)
{
    const auto found{m_questions.find(finish.getQuestionId())};
    if (found == m_questions.end()) return Note("the end of a question that was not asked");
    Question& question{found->second};
    question.finished = true;
    question.releases_results = finish.getReleaseResultCaps();
    if (!question.returned) {
        if (question.step && question.results) m_recording.Add(program::Cancel{*question.step});
        return;
    }
    const std::vector<uint32_t> imports{question.releases_results ? std::move(question.imports)
                                                                  : std::vector<uint32_t>{}};
    m_questions.erase(found);
    for (const uint32_t id : imports) ReleaseImport(id, 1);
}

void Recorder::ClientResolve(capnp::rpc::Resolve::Reader resolve)
{
    const auto found{m_exports.find(resolve.getPromiseId())};
    if (found == m_exports.end()) return;
    const uint32_t object{found->second.object};
    RecordedObject& recorded{m_recording.GetObject(object)};
    if (!resolve.isCap()) {
        recorded.broken = true;
        return;
    }
    const auto cap{resolve.getCap()};
    if (cap.isSenderHosted() || cap.isSenderPromise()) {
        const uint32_t id{cap.isSenderHosted() ? cap.getSenderHosted() : cap.getSenderPromise()};
        auto [entry, is_new]{m_exports.try_emplace(id, Export{object, 0})};
        ++entry->second.count;
        if (!is_new) Note("a promise of the client that became an object that the server already had");
    } else if (cap.isReceiverHosted()) {
        recorded.alias = Imported(cap.getReceiverHosted());
    } else if (cap.isReceiverAnswer()) {
        recorded.alias = Promised(cap.getReceiverAnswer());
    }
}

} // namespace mpfuzz::peer
