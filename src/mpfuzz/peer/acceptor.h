#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/stream/unix_socket.h>

#include <kj/async-io.h>

#include <cstdint>
#include <functional>
#include <string>

namespace mpfuzz::peer {

//! Accepts connections and keeps what serves them.
class Acceptor final : private kj::TaskSet::ErrorHandler
{
public:
    //! Serves one connection until its promise ends, whichever way. Connections count from 0.
    using Handler = std::function<kj::Promise<void>(kj::Own<kj::AsyncIoStream>, uint64_t connection)>;

    //! Borrows `io`.
    Acceptor(kj::AsyncIoContext& io, Handler handler);

    //! Accept until the promise is dropped; the connections so far live on. A client beyond a fixed number of
    //! simultaneous ones is turned away.
    kj::Promise<void> Accept(const stream::ListenSocket& socket);

private:
    kj::Promise<void> AcceptNext(kj::ConnectionReceiver& receiver);
    void Start(kj::Own<kj::AsyncIoStream> stream);
    void taskFailed(kj::Exception&&) override {}

    kj::AsyncIoContext& m_io;
    Handler m_handler;
    uint64_t m_next{0};
    size_t m_open{0};
    kj::TaskSet m_tasks{*this};
};

//! Serve the connections to a socket on this thread until SIGTERM or SIGINT. Once a process: it takes over these
//! two signals.
//!
//! @param make  Makes what serves the connections; what the handler borrows has to outlive this call.
//! @return An error where the socket cannot be had.
base::Status ServeUntilSignal(const std::string& path,
                              const std::function<Acceptor::Handler(kj::AsyncIoContext&)>& make);

} // namespace mpfuzz::peer
