#include <mpfuzz/peer/stub.h>

#include <mpfuzz/peer/bounded_stream.h>
#include <mpfuzz/peer/stub_object.h>

#include <capnp/rpc-twoparty.h>

namespace mpfuzz::peer {
namespace {

// Guess: parameters of unanswered calls beyond this stop the reading of more (in words: 64 MiB).
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

Stub::Stub(const schema::Schema& schema, StubOptions options, OnCall on_call)
    : m_schema{schema}, m_options{std::move(options)}, m_on_call{std::move(on_call)}, m_answers{
                                                                                          schema,
                                                                                          m_options.main_interface,
                                                                                          m_options.seed}
{
}

kj::Promise<void> Stub::Serve(kj::Own<kj::AsyncIoStream> stream, uint64_t connection)
{
    auto hung_up{kj::newPromiseAndFulfiller<void>()};
    auto shared{kj::refcounted<StubConnection>(connection, kj::mv(hung_up.fulfiller))};
    capnp::DynamicCapability::Client main{kj::heap<StubObject>(*this, *shared, m_options.main_interface)};
    auto session{kj::heap<Session>(kj::mv(stream), m_options.max_held_bytes, kj::mv(main))};
    auto end{session->OnDisconnect().exclusiveJoin(kj::mv(hung_up.promise))};
    // The session first: with it go the objects.
    return end.attach(kj::mv(session), kj::mv(shared));
}

} // namespace mpfuzz::peer
