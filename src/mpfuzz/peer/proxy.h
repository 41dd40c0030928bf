#pragma once

#include <mpfuzz/peer/pump.h>
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
    uint64_t seed{1}; //!< for the perturbations
};

//! Relays bytes between clients and a server, unchanged and in order. It also reads the messages in them and records
//! each client's connection as a program.
class Proxy
{
public:
    //! Called at the end of each connection that made at least one call.
    using OnRecording = std::function<void(uint64_t connection, size_t calls, const std::string& program)>;

    //! Borrows the schema and the timer.
    Proxy(const schema::Schema& schema, kj::Timer& timer, ProxyOptions options, OnRecording on_recording);

    //! Relay one client's connection until both sides have closed it, or one has failed. The promise borrows this
    //! object. If the promise is dropped earlier, the connection is recorded up to then.
    kj::Promise<void> Relay(kj::Own<kj::AsyncIoStream> client, kj::Own<kj::AsyncIoStream> server, uint64_t connection);

private:
    class Session;

    const schema::Schema& m_schema;
    kj::Timer& m_timer;
    ProxyOptions m_options;
    OnRecording m_on_recording;
};

} // namespace mpfuzz::peer
