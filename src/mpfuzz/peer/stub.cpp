#include <mpfuzz/peer/stub.h>

#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/peer/acceptor.h>
#include <mpfuzz/peer/payload.h>
#include <mpfuzz/program/print.h>

#include <capnp/dynamic.h>
#include <capnp/rpc-twoparty.h>
#include <capnp/schema-loader.h>
#include <kj/debug.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace mpfuzz::peer {
namespace {

// Guesses: more objects than an ordinary client holds at once; one in FAULT_ODDS calls has a fault.
constexpr uint64_t MAX_OBJECTS{10'000};
constexpr uint64_t FAULT_ODDS{8};

capnp::InterfaceSchema WireInterface(const schema::Schema& schema, uint32_t interface)
{
    return schema.Loader().get(schema.GetInterface(interface).id).asInterface();
}

// While the parameters of unanswered calls are larger than this, the RPC system reads no more calls. 64 MiB, in words.
// A guess.
constexpr size_t FLOW_LIMIT_WORDS{8 * 1024 * 1024};

//! One client: its stream and its RPC state.
class Session
{
public:
    Session(kj::Own<kj::AsyncIoStream> stream, uint64_t max_held_bytes, capnp::Capability::Client main)
        : m_stream{kj::mv(stream), max_held_bytes}, m_network{m_stream, capnp::rpc::twoparty::Side::SERVER},
          m_rpc{capnp::makeRpcServer(m_network, kj::mv(main))}
    {
        m_rpc.setFlowLimit(FLOW_LIMIT_WORDS);
    }

    kj::Promise<void> OnDisconnect() { return m_network.onDisconnect(); }

private:
    BoundedStream m_stream;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
};

} // namespace

//! State that the objects of one connection share.
struct StubConnection final : kj::Refcounted {
    StubConnection(uint64_t n, kj::Own<kj::PromiseFulfiller<void>> h) : number{n}, hang_up{kj::mv(h)} {}

    uint64_t number;
    uint64_t made{0}; //!< number of objects made so far
    uint64_t live{0}; //!< number of objects that still exist
    kj::Own<kj::PromiseFulfiller<void>> hang_up;
};

//! One object of a stub. It answers every method of its interface.
class StubObject final : public capnp::DynamicCapability::Server, private execute::References
{
public:
    //! @param interface  Index into Schema::Interfaces.
    StubObject(Stub& stub, StubConnection& connection, uint32_t interface);
    ~StubObject() noexcept(false) { --m_connection->live; }

    kj::Promise<void> call(capnp::InterfaceSchema::Method method,
                           capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context) override;

private:
    schema::MethodRef Find(capnp::InterfaceSchema::Method method) const;
    std::optional<Fault> PickFault(const Question& question) const;
    kj::Promise<void> Misbehave(Fault fault, ReceivedCall& received);
    std::string Fill(schema::MethodRef method, capnp::DynamicStruct::Builder builder,
                     const program::StructValue& results);

    // Results contain no references to steps.
    kj::Maybe<capnp::Capability::Client> Find(const program::CapabilityRef&) override { return nullptr; }
    std::optional<program::Value> Find(const program::DataRef&) override { return std::nullopt; }
    capnp::Capability::Client Serve(const program::ServedObject& object) override;

    Stub& m_stub;
    kj::Own<StubConnection> m_connection;
    uint32_t m_interface;
    uint64_t m_number;
    uint64_t m_calls{0};
};

StubObject::StubObject(Stub& stub, StubConnection& connection, uint32_t interface)
    : Server{WireInterface(stub.m_schema, interface)}, m_stub{stub}, m_connection{kj::addRef(connection)},
      m_interface{interface}, m_number{connection.made++}
{
    ++m_connection->live;
}

kj::Promise<void> StubObject::call(capnp::InterfaceSchema::Method method,
                                   capnp::CallContext<capnp::DynamicStruct, capnp::DynamicStruct> context)
{
    const schema::Schema& types{m_stub.m_schema};
    const schema::MethodRef ref{Find(method)};
    const schema::Method& declared{types.GetMethod(ref)};
    ReceivedCall received{.connection = m_connection->number, .object = m_number, .number = m_calls++, .method = ref};
    received.arguments =
        program::PrintStruct(types, declared.params, execute::Read(types, declared.params, context.getParams()), {});
    context.releaseParams();

    const Question question{ref, received.arguments, received.number};
    const auto fault{PickFault(question)};
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

std::optional<Fault> StubObject::PickFault(const Question& question) const
{
    const auto& faults{m_stub.m_options.faults};
    if (faults.empty()) return std::nullopt;
    base::Rng rng{m_stub.m_answers.RngFor(question, "fault")};
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

//! @return The results as the receiver will read them, as text.
std::string StubObject::Fill(schema::MethodRef method, capnp::DynamicStruct::Builder builder,
                             const program::StructValue& results)
{
    const schema::Schema& types{m_stub.m_schema};
    const uint32_t type{types.GetMethod(method).results};
    execute::Fill(types, type, builder, results, *this);
    return program::PrintStruct(types, type, execute::Read(types, type, builder.asReader()), {});
}

capnp::Capability::Client StubObject::Serve(const program::ServedObject& object)
{
    return capnp::DynamicCapability::Client{kj::heap<StubObject>(m_stub, *m_connection, object.interface)};
}

Stub::Stub(const schema::Schema& schema, StubOptions options, OnCall on_call)
    : m_schema(schema), m_options(std::move(options)), m_on_call(std::move(on_call)),
      m_answers(schema, m_options.main_interface, m_options.seed)
{
}

kj::Promise<void> Stub::Serve(kj::Own<kj::AsyncIoStream> stream, uint64_t connection)
{
    auto hung_up{kj::newPromiseAndFulfiller<void>()};
    auto shared{kj::refcounted<StubConnection>(connection, kj::mv(hung_up.fulfiller))};
    capnp::DynamicCapability::Client main{kj::heap<StubObject>(*this, *shared, m_options.main_interface)};
    auto session{kj::heap<Session>(kj::mv(stream), m_options.max_held_bytes, kj::mv(main))};
    auto end{session->OnDisconnect().exclusiveJoin(kj::mv(hung_up.promise))};
    // The session is destroyed first, because its objects use the shared state.
    return end.attach(kj::mv(session), kj::mv(shared));
}

std::span<const FaultInfo> Faults()
{
    static constexpr std::array FAULTS{
        FaultInfo{Fault::THROW, "throw", "answers some calls with an exception"},
        FaultInfo{Fault::SILENCE, "silence", "never answers some calls"},
        FaultInfo{Fault::HANG_UP, "hang-up", "closes the connection instead of answering some calls"},
        FaultInfo{Fault::ALTER, "alter", "sends results that differ from those in its log"},
        FaultInfo{Fault::CRASH, "crash", "aborts on some calls"},
    };
    return FAULTS;
}

std::optional<Fault> FindFault(std::string_view name)
{
    for (const FaultInfo& info : Faults()) {
        if (info.name == name) return info.fault;
    }
    return std::nullopt;
}

base::Result<CallLog> CallLog::Open(const std::string& path)
{
    std::ofstream file{path, std::ios::app};
    if (!file) return base::Error{path + ": cannot be written: " + std::strerror(errno)};
    return CallLog{path, std::move(file)};
}

void CallLog::Write(const schema::Schema& schema, const ReceivedCall& call)
{
    nlohmann::ordered_json line{{"connection", call.connection}, {"object", call.object},
                                {"call", call.number},           {"method", schema.MethodName(call.method)},
                                {"arguments", call.arguments},   {"how", call.how}};
    if (!call.results.empty()) line["results"] = call.results;
    m_file << line.dump() + '\n' << std::flush;
}

base::Status CallLog::Check() const
{
    if (m_file) return base::Ok();
    return base::Error{m_path + ": not all calls could be written: see whether the disk is full"};
}

} // namespace mpfuzz::peer
