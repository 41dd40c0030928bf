#include <mpfuzz/peer/stub_object.h>

#include <mpfuzz/peer/methods.h>
#include <mpfuzz/program/print.h>

#include <capnp/schema-loader.h>
#include <kj/debug.h>

#include <cstdlib>

namespace mpfuzz::peer {
namespace {

// Guesses: more objects than a client with a purpose holds at once; and how often faults strike.
constexpr uint64_t MAX_OBJECTS{10'000};
constexpr uint64_t FAULT_ODDS{8};

capnp::InterfaceSchema WireInterface(const schema::Schema& schema, uint32_t interface)
{
    return schema.Loader().get(schema.GetInterface(interface).id).asInterface();
}

} // namespace

StubObject::StubObject(Stub& stub, StubConnection& connection, uint32_t interface)
    : Server{WireInterface(stub.m_schema, interface)}, m_stub{stub}, m_connection{kj::addRef(connection)},
      m_interface{interface}, m_number{connection.made++}
{
    ++m_connection->live;
}

kj::Promise<void> StubObject::call(capnp::InterfaceSchema::Method method,
                                   capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context)
{
    const schema::Schema& schema{m_stub.m_schema};
    const schema::MethodRef ref{Find(method)};
    const schema::Method& declared{schema.GetMethod(ref)};
    ReceivedCall received{.connection = m_connection->number, .object = m_number, .number = m_calls++, .method = ref};
    received.arguments =
        program::PrintStruct(schema, declared.params, execute::Read(schema, declared.params, context.getParams()), {});
    context.releaseParams();

    const Question question{ref, received.arguments, received.number};
    const auto fault{Strike(question)};
    if (fault && *fault != Fault::ALTER) return Misbehave(*fault, received);
    if (!declared.streaming) {
        KJ_REQUIRE(m_connection->live <= MAX_OBJECTS, "this client holds too many objects");
        received.results = Fill(ref, context.getResults(), m_stub.m_answers.Make(question));
        if (fault) {
            const Question other{ref, received.results, received.number};
            Fill(ref, context.initResults(), m_stub.m_answers.Make(other));
        }
    }
    m_stub.m_on_call(received);
    return kj::READY_NOW;
}

schema::MethodRef StubObject::Find(capnp::InterfaceSchema::Method method) const
{
    const uint64_t id{method.getContainingInterface().getProto().getId()};
    const auto found{FindMethod(m_stub.m_schema, m_interface, id, method.getOrdinal())};
    KJ_REQUIRE(found.has_value(), "a method that the schema does not have");
    return *found;
}

std::optional<Fault> StubObject::Strike(const Question& question) const
{
    const auto& faults{m_stub.m_options.faults};
    if (faults.empty()) return std::nullopt;
    base::Rng rng{m_stub.m_answers.Dice(question, "fault")};
    if (!rng.OneIn(FAULT_ODDS)) return std::nullopt;
    return rng.Pick(faults);
}

kj::Promise<void> StubObject::Misbehave(Fault fault, ReceivedCall& received)
{
    for (const FaultInfo& info : Faults()) {
        if (info.fault == fault) received.how = info.name;
    }
    m_stub.m_on_call(received);
    if (fault == Fault::CRASH) std::abort();
    if (fault == Fault::HANG_UP) m_connection->hang_up->fulfill();
    if (fault == Fault::THROW) return KJ_EXCEPTION(FAILED, "thrown on purpose");
    return kj::NEVER_DONE;
}

//! @return What the receiver is going to read, as text.
std::string StubObject::Fill(schema::MethodRef method, capnp::DynamicStruct::Builder builder,
                             const program::StructValue& results)
{
    const schema::Schema& schema{m_stub.m_schema};
    const uint32_t type{schema.GetMethod(method).results};
    execute::Fill(schema, type, builder, results, *this);
    return program::PrintStruct(schema, type, execute::Read(schema, type, builder.asReader()), {});
}

capnp::Capability::Client StubObject::Serve(const program::ServedObject& object)
{
    return capnp::DynamicCapability::Client{kj::heap<StubObject>(m_stub, *m_connection, object.interface)};
}

} // namespace mpfuzz::peer
