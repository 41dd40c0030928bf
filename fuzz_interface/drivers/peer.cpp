#include <fuzz_interface/drivers/peer.h>

#include <fuzz_interface/drivers/content.h>
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

//! Calls that come before those that matter: nonsense there keeps the others from happening.
bool IsPreparation(capnp::InterfaceSchema::Method method)
{
    static constexpr std::array<std::string_view, 5> NAMES{"construct", "makeThread", "makeFuzz", "getName", "destroy"};
    const std::string_view name{method.getProto().getName().cStr()};
    return std::ranges::find(NAMES, name) != NAMES.end();
}

//! A failed task is an answer of the peer's.
class Ignore final : public kj::TaskSet::ErrorHandler
{
    void taskFailed(kj::Exception&&) override {}
};
Ignore g_ignore;

} // namespace

enum class Peer::Manner : uint8_t { TIDY, LOOSE, MALFORMED, THROW, LATE, WITHHELD };

class Peer::Object final : public Capability::Server
{
public:
    Object(std::shared_ptr<Peer*> peer, capnp::InterfaceSchema schema) : m_peer{std::move(peer)}, m_schema{schema} {}

    DispatchCallResult dispatchCall(uint64_t interface, uint16_t number, CallContext context) override
    {
        if (*m_peer != nullptr && interface == m_schema.getProto().getId()) {
            auto method{FindMethod(interface, number)};
            KJ_IF_MAYBE (found, method) {
                return {(*m_peer)->m_answers.wrap((*m_peer)->Answer(*found, context)), false};
            }
        }
        return internalUnimplemented("an object of a driver's", interface, number);
    }

private:
    std::shared_ptr<Peer*> m_peer;
    capnp::InterfaceSchema m_schema;
};

Peer::Peer(kj::Own<kj::AsyncIoStream> stream, capnp::rpc::twoparty::Side side, kj::Timer& timer, Choices& choices)
    : m_self{std::make_shared<Peer*>(this)}, m_stream{kj::mv(stream)}, m_timer{timer}, m_choices{choices},
      m_tasks{g_ignore}, m_rpc{*m_stream,
                               side == capnp::rpc::twoparty::Side::SERVER ? Serve(FindInterface("FuzzInit")) : nullptr,
                               side}
{
}

Peer::~Peer() { *m_self = nullptr; }

Capability::Client Peer::Serve(capnp::InterfaceSchema schema) { return kj::heap<Object>(m_self, schema); }

void Peer::Hold(capnp::InterfaceSchema schema, Capability::Client client)
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

Peer::Made Peer::CallSomething()
{
    CHECK(!m_held.empty());
    Held& object{m_held[m_choices.Below(m_held.size())]};
    const auto methods = object.schema.getMethods();
    Method method{methods[static_cast<kj::uint>(m_choices.Below(methods.size()))]};
    // No interface has it alone, or as its last one.
    if (!m_may_destroy && method.getProto().getName() == "destroy") method = methods[methods.size() - 1];
    static constexpr std::array ORDERS{Order::TIDY, Order::TIDY, Order::LOOSE, Order::MALFORMED};
    return {method, Call(object, method, m_choices.Pick(ORDERS))};
}

kj::Promise<void> Peer::Call(Held& object, Method method, Order order)
{
    auto request{object.client.typelessRequest(method.getContainingInterface().getProto().getId(),
                                               static_cast<uint16_t>(method.getOrdinal()), nullptr)};
    FillMalformed(request, method.getParamType(), order, m_choices, *this);
    Note("call", method, request.asReader(), method.getParamType());
    return request.send().then(
        [this, method](capnp::Response<capnp::AnyPointer>&& response) {
            Note("answer of", method, response, method.getResultType());
            kj::runCatchingExceptions([&] { Take(response.getAs<DynamicStruct>(method.getResultType())); });
        },
        [](kj::Exception&&) {});
}

kj::Promise<void> Peer::Answer(Method method, CallContext context)
{
    Note("called", method, context.getParams(), method.getParamType());
    Take(context.getParams().getAs<DynamicStruct>(method.getParamType()));
    context.releaseParams();
    const Manner manner{ChooseManner(method)};
    return CallBack().then([this, method, context, manner]() mutable { return Answer(method, context, manner); });
}

kj::Promise<void> Peer::Answer(Method method, CallContext context, Manner manner)
{
    switch (manner) {
    case Manner::THROW: return MakeException();
    case Manner::LATE:
        return m_timer.afterDelay(kj::MILLISECONDS).then([this, method, context]() mutable {
            return Answer(method, context, Manner::LOOSE);
        });
    case Manner::WITHHELD:
        return Withheld().then([this, method, context]() mutable { return Answer(method, context, Manner::LOOSE); });
    case Manner::TIDY:
    case Manner::LOOSE:
    case Manner::MALFORMED: break;
    }
    const Order order{manner == Manner::TIDY ? Order::TIDY : manner == Manner::LOOSE ? Order::LOOSE : Order::MALFORMED};
    FillMalformed(context.getResults(), method.getResultType(), order, m_choices, *this);
    Note("answered", method, context.getResults().asReader(), method.getResultType());
    return kj::READY_NOW;
}

Peer::Manner Peer::ChooseManner(Method method)
{
    if (IsPreparation(method) && !m_choices.OneIn(16)) return Manner::TIDY;
    static constexpr std::array MANNERS{Manner::TIDY,      Manner::TIDY,  Manner::TIDY, Manner::LOOSE,
                                        Manner::MALFORMED, Manner::THROW, Manner::LATE, Manner::WITHHELD};
    const Manner manner{m_choices.Pick(MANNERS)};
    return manner == Manner::WITHHELD && !m_may_withhold ? Manner::THROW : manner;
}

//! Calls of ours before an answer; half of them do not keep it waiting.
kj::Promise<void> Peer::CallBack()
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

kj::Promise<void> Peer::Withheld()
{
    // Between the decision and this, calls of ours may have taken until after the release.
    if (!m_may_withhold) return kj::READY_NOW;
    auto pair{kj::newPromiseAndFulfiller<void>()};
    m_withheld.push_back(kj::mv(pair.fulfiller));
    KJ_IF_MAYBE (tell, m_on_withheld) (*tell)();
    return kj::mv(pair.promise);
}

void Peer::Release()
{
    for (auto& fulfiller : std::exchange(m_withheld, {})) fulfiller->fulfill();
}

kj::Exception Peer::MakeException()
{
    static constexpr std::array TYPES{kj::Exception::Type::FAILED, kj::Exception::Type::OVERLOADED,
                                      kj::Exception::Type::DISCONNECTED, kj::Exception::Type::UNIMPLEMENTED};
    const std::string text{WildText(m_choices)};
    return kj::Exception{m_choices.Pick(TYPES), __FILE__, __LINE__, kj::heapString(text.data(), text.size())};
}

kj::Maybe<Capability::Client> Peer::Choose(capnp::StructSchema::Field field, bool tidy)
{
    if (tidy) return ChooseTidily(field);
    switch (m_choices.Below(8)) {
    case 0: return nullptr;
    case 1: return Capability::Client{KJ_EXCEPTION(FAILED, "broken on purpose")};
    case 2: return Serve(m_choices.Pick(Interfaces()));
    case 3: {
        if (!m_may_withhold) return nullptr;
        // Calls to it wait until it is known what it is.
        return Capability::Client{Withheld().then([this, field] { return ChooseTidily(field); })};
    }
    case 4:
        if (!m_held.empty()) return m_held[m_choices.Below(m_held.size())].client;
        break;
    default: break;
    }
    return ChooseTidily(field);
}

Capability::Client Peer::ChooseTidily(capnp::StructSchema::Field field)
{
    const capnp::InterfaceSchema wanted{field.getType().asInterface()};
    if (field.getProto().getName() == "thread") {
        KJ_IF_MAYBE (home, m_home) {
            if (!m_choices.OneIn(4)) return *home;
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

//! Hold what has come with a message.
void Peer::Take(DynamicStruct::Reader message)
{
    for (const auto field : message.getSchema().getFields()) {
        if (!message.has(field)) continue;
        const capnp::Type type{field.getType()};
        if (type.isInterface()) Hold(type.asInterface(), message.get(field).as<capnp::DynamicCapability>());
        if (type.isStruct()) Take(message.get(field).as<DynamicStruct>());
    }
}

void Peer::Note(kj::StringPtr what, Method method, capnp::AnyPointer::Reader message, capnp::StructSchema schema)
{
    std::string line{
        kj::str(what, " ", method.getContainingInterface().getShortDisplayName(), ".", method.getProto().getName())
            .cStr()};
    const auto unreadable{kj::runCatchingExceptions([&] {
        // What is large is a nuisance to write out, and to read.
        const bool large{message.targetSize().wordCount > LOG_CHARACTERS};
        line += large ? "(…)" : kj::str(message.getAs<DynamicStruct>(schema)).cStr();
    })};
    if (unreadable != nullptr) line += "(what cannot be read)";
    if (line.size() > LOG_CHARACTERS) line.replace(LOG_CHARACTERS, std::string::npos, "…");
    m_log.push_back(std::move(line));
    if (m_log.size() > LOG_LINES) m_log.pop_front();
}

std::string Peer::Log() const
{
    std::string text;
    for (const std::string& line : m_log) text += "  " + line + "\n";
    return text;
}

} // namespace mpfuzz::fuzz_interface
