#include <mpfuzz/peer/proxy.h>

#include <mpfuzz/peer/recorder.h>

namespace mpfuzz::peer {
namespace {

//! The random numbers for one direction of one connection. They do not depend on the traffic in the other direction.
base::Rng MakeRng(uint64_t seed, uint64_t connection, uint64_t direction)
{
    base::Rng rng{seed};
    for (uint64_t i{0}; i < 2 * connection + direction; ++i) rng.Next();
    return rng.Fork();
}

} // namespace

class Proxy::Session
{
public:
    Session(const Proxy& proxy, kj::Own<kj::AsyncIoStream> client, kj::Own<kj::AsyncIoStream> server,
            uint64_t connection)
        : m_proxy{proxy}, m_connection{connection}, m_client{kj::mv(client)}, m_server{kj::mv(server)},
          m_recorder{proxy.m_schema, proxy.m_options.main_interface},
          m_upstream{*m_client,
                     *m_server,
                     proxy.m_timer,
                     proxy.m_options.perturbations,
                     MakeRng(proxy.m_options.seed, connection, 0),
                     [this](kj::ArrayPtr<const capnp::word> message) { m_recorder.FromClient(message); }},
          m_downstream{*m_server,
                       *m_client,
                       proxy.m_timer,
                       proxy.m_options.perturbations,
                       MakeRng(proxy.m_options.seed, connection, 1),
                       [this](kj::ArrayPtr<const capnp::word> message) { m_recorder.FromServer(message); }}
    {
    }
    ~Session()
    {
        if (m_upstream.Broken() || m_downstream.Broken()) m_recorder.Note("bytes that are not messages");
        if (m_recorder.Calls() > 0) m_proxy.m_on_recording(m_connection, m_recorder.Calls(), m_recorder.Text());
    }

    kj::Promise<void> RelayBoth()
    {
        auto up{m_upstream.RelayAll().then([this] { m_recorder.ClientClosed(); })};
        auto promises{kj::heapArrayBuilder<kj::Promise<void>>(2)};
        promises.add(FailFast(kj::mv(up)));
        promises.add(FailFast(m_downstream.RelayAll()));
        return kj::joinPromises(promises.finish()).exclusiveJoin(kj::mv(m_failure.promise));
    }

private:
    //! If one direction fails, end the session at once, even if the other direction still works.
    kj::Promise<void> FailFast(kj::Promise<void> direction)
    {
        return direction.catch_([this](kj::Exception&& exception) { m_failure.fulfiller->reject(kj::mv(exception)); })
            .eagerlyEvaluate(nullptr);
    }

    const Proxy& m_proxy;
    uint64_t m_connection;
    kj::Own<kj::AsyncIoStream> m_client;
    kj::Own<kj::AsyncIoStream> m_server;
    kj::PromiseFulfillerPair<void> m_failure{kj::newPromiseAndFulfiller<void>()};
    Recorder m_recorder;
    Pump m_upstream;
    Pump m_downstream;
};

Proxy::Proxy(const schema::Schema& schema, kj::Timer& timer, ProxyOptions options, OnRecording on_recording)
    : m_schema{schema}, m_timer{timer}, m_options{std::move(options)}, m_on_recording{std::move(on_recording)}
{
}

kj::Promise<void> Proxy::Relay(kj::Own<kj::AsyncIoStream> client, kj::Own<kj::AsyncIoStream> server,
                               uint64_t connection)
{
    auto session{kj::heap<Session>(*this, kj::mv(client), kj::mv(server), connection)};
    auto end{session->RelayBoth()};
    return end.attach(kj::mv(session));
}

} // namespace mpfuzz::peer
