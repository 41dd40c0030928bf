#pragma once

#include <mpfuzz/peer/perturb.h>
#include <mpfuzz/schema/schema.h>

#include <kj/async-io.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mpfuzz::peer {

struct ProxyOptions {
    uint32_t main_interface{0};
    std::vector<Perturbation> perturbations{};
    uint64_t seed{1}; //!< of the perturbations
};

//! Stands between clients and a server. Every byte passes unchanged and in order; the messages among them are
//! read on the way, and each client's connection is written down as a program.
class Proxy
{
public:
    //! Told of each connection that made a call, at its end.
    using OnRecording = std::function<void(uint64_t connection, size_t calls, const std::string& program)>;

    //! Borrows the schema and the timer.
    Proxy(const schema::Schema& schema, kj::Timer& timer, ProxyOptions options, OnRecording on_recording);

    //! Carry one client's connection until both sides have closed it, or one has failed. Borrows this. A connection
    //! that is dropped before is recorded too.
    kj::Promise<void> Relay(kj::Own<kj::AsyncIoStream> client, kj::Own<kj::AsyncIoStream> server, uint64_t connection);

private:
    class Session;

    const schema::Schema& m_schema;
    kj::Timer& m_timer;
    ProxyOptions m_options;
    OnRecording m_on_recording;
};

} // namespace mpfuzz::peer
