#include <mpfuzz/execute/session.h>

#include <capnp/any.h>

#include <algorithm>
#include <functional>

// How a run waits for answers, and how it resolves references to them.
namespace mpfuzz::execute {

using program::StepIndex;
using trace::Outcome;
using trace::Status;

namespace {

// How long to wait for an answer while a served object calls the target back. If no answer comes in this time, both
// sides wait for each other: a deadlock. A guess, unmeasured.
constexpr std::chrono::milliseconds CALLBACK_LIMIT{100};

} // namespace

bool Session::WaitUntil(const std::function<bool()>& done, std::chrono::milliseconds deadline)
{
    if (done()) return true;
    if (m_died) return false;
    auto waker{kj::newPromiseAndFulfiller<void>()};
    m_waker = kj::mv(waker.fulfiller);
    m_waiting_for = &done;
    auto& timer{m_context.io.provider->getTimer()};
    waker.promise.exclusiveJoin(timer.atTime(Deadline(deadline)))
        .exclusiveJoin(m_death.addBranch().then([this] { m_died = true; }))
        .wait(m_context.io.waitScope);
    m_waiting_for = nullptr;
    m_waker = nullptr;
    return done();
}

void Session::Poll()
{
    m_polling = true;
    KJ_DEFER(m_polling = false);
    m_context.io.waitScope.poll();
}

void Session::Wake()
{
    if (m_waiting_for == nullptr || !(*m_waiting_for)()) return;
    KJ_IF_MAYBE (waker, m_waker) (*waker)->fulfill();
}

void Session::AwaitCalls(const std::vector<StepIndex>& calls)
{
    const std::function<bool()> done{
        [&] { return std::none_of(calls.begin(), calls.end(), [&](StepIndex index) { return Outstanding(index); }); }};
    const auto& rules{m_context.rules};
    // Send our answers that are due, so that the target no longer waits for them.
    Poll();
    // A correct target may send no answer if other calls wait behind one that may block, or if it waits for an answer
    // of ours. Then we wait as long as answers arrive, and a missing answer is not an error.
    const std::function<bool()> done_or_silent{[&] { return done() || MayBeSilent(); }};
    do {
        while (MayBeSilent()) {
            const uint64_t ended{m_ended};
            if (!WaitUntil([&] { return m_ended != ended; }, SilenceLimit()) || done()) return;
        }
        WaitUntil(done_or_silent, rules.reply);
        // The whole machine, and the target with it, may not have run for some time. So an answer within the grace
        // period is in time.
        if (!done_or_silent()) WaitUntil(done_or_silent, rules.grace);
        if (done() || m_died) return;
    } while (MayBeSilent());
    m_suspicious = true;
    for (const StepIndex index : calls) m_trace.outcomes[index].awaited |= Outstanding(index);
}

std::chrono::milliseconds Session::SilenceLimit() const
{
    return (*m_environment)->nesting > 0 ? CALLBACK_LIMIT : m_context.rules.blocked;
}

bool Session::Outstanding(StepIndex index) const
{
    const Outcome& outcome{m_trace.outcomes[index]};
    if (outcome.status != Status::UNANSWERED) return false;
    const auto call{m_calls.find(index)};
    return call != m_calls.end() ? call->second.outstanding : m_bootstraps.contains(index);
}

bool Session::HasBlockingCall() const
{
    return std::any_of(m_calls.begin(), m_calls.end(), [this](const auto& call) {
        if (!call.second.outstanding) return false;
        // After raw bytes, such as half a message, the target may misread all that follows.
        const auto connection{m_connections.find(call.second.connection)};
        return call.second.may_block || (connection != m_connections.end() && connection->second->MayBeClosed());
    });
}

namespace {

using capnp::DynamicStruct;

bool HasElement(const program::Path& path)
{
    return std::any_of(path.begin(), path.end(),
                       [](const auto& element) { return element.kind == program::PathElement::Kind::ELEMENT; });
}

} // namespace

kj::Maybe<capnp::Capability::Client> FollowToCapability(const schema::Schema& schema, capnp::DynamicValue::Reader value,
                                                        schema::Type type, const program::Path& path)
{
    for (const program::PathElement& element : path) {
        if (element.kind == program::PathElement::Kind::ELEMENT) {
            if (value.getType() != capnp::DynamicValue::LIST) return nullptr;
            const auto list{value.as<capnp::DynamicList>()};
            if (element.index >= list.size()) return nullptr;
            value = list[element.index];
            type = schema.Element(type);
        } else {
            if (value.getType() != capnp::DynamicValue::STRUCT) return nullptr;
            const schema::Field& field{schema.GetStruct(type.index).fields.at(element.index)};
            const auto reader{value.as<DynamicStruct>()};
            if (!reader.has(field.name.c_str())) return nullptr;
            value = reader.get(field.name.c_str());
            type = field.type;
        }
    }
    if (value.getType() == capnp::DynamicValue::CAPABILITY) {
        return capnp::Capability::Client{value.as<capnp::DynamicCapability>()};
    }
    if (value.getType() == capnp::DynamicValue::ANY_POINTER) {
        const auto pointer{value.as<capnp::AnyPointer>()};
        if (pointer.isCapability()) return pointer.getAs<capnp::Capability>();
    }
    return nullptr;
}

kj::Maybe<capnp::Capability::Client> Session::Find(const program::CapabilityRef& ref)
{
    if (std::find(m_dropped.begin(), m_dropped.end(), ref) != m_dropped.end()) return nullptr;
    if (const auto object{m_objects.find(ref.step)}; object != m_objects.end()) {
        RememberConnection(ref.step);
        return object->second;
    }
    if (const auto call{m_calls.find(ref.step)}; call != m_calls.end()) return FindInAnswer(call->second, ref);
    return nullptr;
}

kj::Maybe<capnp::Capability::Client> Session::FindInAnswer(CallState& call, const program::CapabilityRef& ref)
{
    for (auto& [path, client] : call.kept) {
        if (path == ref.path) return client;
    }
    const schema::Struct* type{&m_schema.GetStruct(call.results)};
    // A promise can be followed only through fields. For a list element the answer must have arrived. If a served
    // object needs the capability, we cannot wait for the answer: the event loop itself is the caller.
    if (HasElement(ref.path) && call.outstanding && CanWait()) AwaitCalls({ref.step});
    KJ_IF_MAYBE (response, call.response) {
        return FollowToCapability(m_schema, *response, {schema::Kind::STRUCT, call.results}, ref.path);
    }
    KJ_IF_MAYBE (pipeline, call.pipeline) {
        if (HasElement(ref.path)) return nullptr;
        kj::Maybe<DynamicStruct::Pipeline> inner;
        for (const program::PathElement& element : ref.path) {
            const schema::Field& field{type->fields.at(element.index)};
            DynamicStruct::Pipeline* from{pipeline};
            KJ_IF_MAYBE (deeper, inner) from = deeper;
            auto value{from->get(field.name.c_str())};
            if (&element == &ref.path.back())
                return capnp::Capability::Client{value.releaseAs<capnp::DynamicCapability>()};
            inner = value.releaseAs<DynamicStruct>();
            type = &m_schema.GetStruct(field.type.index);
        }
    }
    return nullptr;
}

std::optional<program::Value> Session::Find(const program::DataRef& ref)
{
    if (Outstanding(ref.step) && CanWait()) AwaitCalls({ref.step});
    const auto& answer{m_trace.outcomes[ref.step].answer};
    if (!answer) return std::nullopt;
    program::Value value{*answer};
    for (const program::PathElement& element : ref.path) {
        program::Value next;
        if (element.kind == program::PathElement::Kind::FIELD) {
            const auto* fields{value.As<program::StructValue>()};
            const auto* found{fields ? fields->Find(element.index) : nullptr};
            if (!found) return std::nullopt;
            next = *found;
        } else {
            const auto* list{value.As<program::ListValue>()};
            if (!list || element.index >= list->elements.size()) return std::nullopt;
            next = list->elements[element.index];
        }
        value = std::move(next);
    }
    if (auto* blob{value.As<program::Blob>()}) blob->bytes = program::ApplyEdits(std::move(blob->bytes), ref.edits);
    return value;
}

capnp::Capability::Client Session::Serve(const program::ServedObject& object)
{
    RememberConnection(m_current);
    return MakeServedObject(m_schema, object, m_current, m_environment);
}

void Session::RememberConnection(StepIndex object)
{
    if (m_current >= m_program.steps.size()) return;
    if (const auto connection{program::ConnectionOf(m_program, m_current)}) m_passed_on[object] = *connection;
}

} // namespace mpfuzz::execute
