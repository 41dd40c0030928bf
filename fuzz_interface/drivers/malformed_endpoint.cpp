#include <fuzz_interface/drivers/malformed_endpoint.h>

#include <fuzz_interface/drivers/malformed.h>
#include <fuzz_interface/drivers/schema.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

using capnp::Capability;
using capnp::DynamicStruct;
using capnp::DynamicValue;

// Guesses, unmeasured.
constexpr size_t MAX_HELD{16};
constexpr size_t MAX_THREADS{4};
constexpr size_t LOG_LINES{40};
constexpr size_t LOG_CHARACTERS{300};

//! Returns whether the other side needs the result of this method for later calls. Our answers to such methods are
//! mostly valid, otherwise there would be few later calls.
bool IsPreparation(capnp::InterfaceSchema::Method method)
{
    static constexpr std::array<std::string_view, 5> NAMES{"construct", "makeThread", "makeFuzz", "getName", "destroy"};
    const std::string_view name{method.getProto().getName().cStr()};
    return std::ranges::find(NAMES, name) != NAMES.end();
}

//! Ignores exceptions of calls that we made in the background: an exception is an allowed answer.
class Ignore final : public kj::TaskSet::ErrorHandler
{
    void taskFailed(kj::Exception&&) override {}
};
Ignore g_ignore;

} // namespace

enum class MalformedEndpoint::AnswerKind : uint8_t { VALID, INVALID, MALFORMED, EXCEPTION, DELAYED, WITHHELD };

class MalformedEndpoint::Object final : public Capability::Server
{
public:
    Object(std::shared_ptr<MalformedEndpoint*> endpoint, capnp::InterfaceSchema schema)
        : m_endpoint{std::move(endpoint)}, m_schema{schema}
    {
    }

    DispatchCallResult dispatchCall(uint64_t interface, uint16_t number, CallContext context) override
    {
        if (*m_endpoint != nullptr && interface == m_schema.getProto().getId()) {
            auto method{FindMethod(interface, number)};
            KJ_IF_MAYBE (found, method) {
                return {(*m_endpoint)->m_answers.wrap((*m_endpoint)->Answer(*found, context)), false};
            }
        }
        return internalUnimplemented("an object of a driver", interface, number);
    }

private:
    std::shared_ptr<MalformedEndpoint*> m_endpoint;
    capnp::InterfaceSchema m_schema;
};

MalformedEndpoint::MalformedEndpoint(kj::Own<kj::AsyncIoStream> stream, capnp::rpc::twoparty::Side side,
                                     kj::Timer& timer, Choices& choices)
    : m_self{std::make_shared<MalformedEndpoint*>(this)}, m_stream{kj::mv(stream)}, m_timer{timer}, m_choices{choices},
      m_tasks{g_ignore}, m_rpc{*m_stream, MainInterface(side), side}
{
}

MalformedEndpoint::~MalformedEndpoint() { *m_self = nullptr; }

Capability::Client MalformedEndpoint::MainInterface(capnp::rpc::twoparty::Side side)
{
    return side == capnp::rpc::twoparty::Side::SERVER ? Serve(FindInterface("FuzzInit")) : nullptr;
}

Capability::Client MalformedEndpoint::Serve(capnp::InterfaceSchema schema) { return kj::heap<Object>(m_self, schema); }

void MalformedEndpoint::Hold(capnp::InterfaceSchema schema, Capability::Client client)
{
    if (schema == FindInterface("Thread")) {
        m_threads.emplace_front(client);
        if (m_threads.size() > MAX_THREADS) m_threads.pop_back();
    }
    Held held{schema, kj::mv(client)};
    if (m_held.size() < MAX_HELD) {
        m_held.push_back(kj::mv(held));
    } else {
        m_held[m_choices.Below(MAX_HELD)] = kj::mv(held);
    }
}

MalformedEndpoint::PendingCall MalformedEndpoint::CallSomething()
{
    CHECK(!m_held.empty());
    Held& object{m_held[m_choices.Below(m_held.size())]};
    const auto methods = object.schema.getMethods();
    Method method{methods[static_cast<kj::uint>(m_choices.Below(methods.size()))]};
    // Every interface has other methods, and `destroy` is never the last one.
    if (!m_may_destroy && method.getProto().getName() == "destroy") method = methods[methods.size() - 1];
    static constexpr std::array VALIDITIES{Validity::VALID, Validity::VALID, Validity::INVALID, Validity::MALFORMED};
    return {method, Call(object, method, m_choices.Pick(VALIDITIES))};
}

kj::Promise<void> MalformedEndpoint::Call(Held& object, Method method, Validity validity)
{
    auto request{object.client.typelessRequest(method.getContainingInterface().getProto().getId(),
                                               static_cast<uint16_t>(method.getOrdinal()), nullptr)};
    FillMalformed(request, method.getParamType(), validity, m_choices, *this);
    LogMessage("call", method, request.asReader(), method.getParamType());
    return request.send().then(
        [this, method](capnp::Response<capnp::AnyPointer>&& response) {
            LogMessage("answer of", method, response, method.getResultType());
            kj::runCatchingExceptions([&] { HoldCapabilities(response.getAs<DynamicStruct>(method.getResultType())); });
        },
        [](kj::Exception&&) {});
}

kj::Promise<void> MalformedEndpoint::Answer(Method method, CallContext context)
{
    LogMessage("called", method, context.getParams(), method.getParamType());
    HoldCapabilities(context.getParams().getAs<DynamicStruct>(method.getParamType()));
    context.releaseParams();
    const AnswerKind kind{ChooseAnswerKind(method)};
    return CallBack().then([this, method, context, kind]() mutable { return Answer(method, context, kind); });
}

kj::Promise<void> MalformedEndpoint::Answer(Method method, CallContext context, AnswerKind kind)
{
    switch (kind) {
    case AnswerKind::EXCEPTION: return MakeException();
    case AnswerKind::DELAYED:
        return m_timer.afterDelay(kj::MILLISECONDS).then([this, method, context]() mutable {
            return Answer(method, context, AnswerKind::INVALID);
        });
    case AnswerKind::WITHHELD:
        return WaitForRelease().then(
            [this, method, context]() mutable { return Answer(method, context, AnswerKind::INVALID); });
    case AnswerKind::VALID:
    case AnswerKind::INVALID:
    case AnswerKind::MALFORMED: break;
    }
    const Validity validity{kind == AnswerKind::VALID     ? Validity::VALID
                            : kind == AnswerKind::INVALID ? Validity::INVALID
                                                          : Validity::MALFORMED};
    FillMalformed(context.getResults(), method.getResultType(), validity, m_choices, *this);
    LogMessage("answered", method, context.getResults().asReader(), method.getResultType());
    return kj::READY_NOW;
}

MalformedEndpoint::AnswerKind MalformedEndpoint::ChooseAnswerKind(Method method)
{
    if (IsPreparation(method) && !m_choices.OneIn(16)) return AnswerKind::VALID;
    static constexpr std::array KINDS{AnswerKind::VALID,   AnswerKind::VALID,     AnswerKind::VALID,
                                      AnswerKind::INVALID, AnswerKind::MALFORMED, AnswerKind::EXCEPTION,
                                      AnswerKind::DELAYED, AnswerKind::WITHHELD};
    const AnswerKind kind{m_choices.Pick(KINDS)};
    return kind == AnswerKind::WITHHELD && !m_may_withhold ? AnswerKind::EXCEPTION : kind;
}

//! Makes calls before an answer. The answer waits for half of them.
kj::Promise<void> MalformedEndpoint::CallBack()
{
    kj::Vector<kj::Promise<void>> calls;
    while (m_callbacks_left > 0 && !m_held.empty() && m_choices.OneIn(4)) {
        --m_callbacks_left;
        auto call{CallSomething().answer};
        if (m_choices.Below(2) == 0) {
            calls.add(kj::mv(call));
        } else {
            m_tasks.add(kj::mv(call));
        }
    }
    return kj::joinPromises(calls.releaseAsArray());
}

kj::Promise<void> MalformedEndpoint::WaitForRelease()
{
    // Release() may have been called since the decision, because CallBack() takes time.
    if (!m_may_withhold) return kj::READY_NOW;
    auto pair{kj::newPromiseAndFulfiller<void>()};
    m_withheld.push_back(kj::mv(pair.fulfiller));
    KJ_IF_MAYBE (tell, m_on_withheld) (*tell)();
    return kj::mv(pair.promise);
}

void MalformedEndpoint::Release()
{
    for (auto& fulfiller : std::exchange(m_withheld, {})) fulfiller->fulfill();
}

kj::Exception MalformedEndpoint::MakeException()
{
    static constexpr std::array TYPES{kj::Exception::Type::FAILED, kj::Exception::Type::OVERLOADED,
                                      kj::Exception::Type::DISCONNECTED, kj::Exception::Type::UNIMPLEMENTED};
    const std::string text{ArbitraryText(m_choices)};
    return kj::Exception{m_choices.Pick(TYPES), __FILE__, __LINE__, kj::heapString(text.data(), text.size())};
}

kj::Maybe<Capability::Client> MalformedEndpoint::Choose(capnp::StructSchema::Field field, bool valid)
{
    if (valid) return ChooseValid(field);
    switch (m_choices.Below(8)) {
    case 0: return nullptr;
    case 1: return Capability::Client{KJ_EXCEPTION(FAILED, "broken on purpose")};
    case 2: return Serve(m_choices.Pick(Interfaces()));
    case 3: {
        if (!m_may_withhold) return nullptr;
        // A promised capability: calls on it wait until it is resolved.
        return Capability::Client{WaitForRelease().then([this, field] { return ChooseValid(field); })};
    }
    case 4:
        if (!m_held.empty()) return m_held[m_choices.Below(m_held.size())].client;
        break;
    default: break;
    }
    return ChooseValid(field);
}

Capability::Client MalformedEndpoint::ChooseValid(capnp::StructSchema::Field field)
{
    const capnp::InterfaceSchema wanted{field.getType().asInterface()};
    if (field.getProto().getName() == "thread") {
        KJ_IF_MAYBE (thread, m_main_thread) {
            if (!m_choices.OneIn(4)) return *thread;
        }
        if (!m_threads.empty()) return m_threads[m_choices.Below(m_threads.size())];
    } else if (wanted != FindInterface("Thread") && m_choices.Below(2) == 1) {
        const size_t begin{m_held.empty() ? 0 : m_choices.Below(m_held.size())};
        for (size_t i{0}; i < m_held.size(); ++i) {
            Held& held{m_held[(begin + i) % m_held.size()]};
            if (held.schema == wanted) return held.client;
        }
    }
    return Serve(wanted);
}

//! Holds the capabilities that a message contains.
void MalformedEndpoint::HoldCapabilities(DynamicStruct::Reader message)
{
    for (const auto field : message.getSchema().getFields()) {
        if (!message.has(field)) continue;
        const capnp::Type type{field.getType()};
        if (type.isInterface()) Hold(type.asInterface(), message.get(field).as<capnp::DynamicCapability>());
        if (type.isStruct()) HoldCapabilities(message.get(field).as<DynamicStruct>());
    }
}

void MalformedEndpoint::LogMessage(kj::StringPtr what, Method method, capnp::AnyPointer::Reader message,
                                   capnp::StructSchema schema)
{
    std::string line{
        kj::str(what, " ", method.getContainingInterface().getShortDisplayName(), ".", method.getProto().getName())
            .cStr()};
    const auto unreadable{kj::runCatchingExceptions([&] {
        // A large message takes long to print and is hard to read.
        const bool large{message.targetSize().wordCount > LOG_CHARACTERS};
        line += large ? "(…)" : kj::str(message.getAs<DynamicStruct>(schema)).cStr();
    })};
    if (unreadable != nullptr) line += "(unreadable)";
    if (line.size() > LOG_CHARACTERS) line.replace(LOG_CHARACTERS, std::string::npos, "…");
    m_log.push_back(std::move(line));
    if (m_log.size() > LOG_LINES) m_log.pop_front();
}

std::string MalformedEndpoint::Log() const
{
    std::string text;
    for (const std::string& line : m_log) text += "  " + line + "\n";
    return text;
}

} // namespace mpfuzz::fuzz_interface
