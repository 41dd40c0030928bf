#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/stream/unix_socket.h>

#include <kj/async-io.h>

#include <cstdint>
#include <functional>
#include <string>

namespace mpfuzz::peer {

//! Accepts connections and owns the tasks that serve them.
class Acceptor final : private kj::TaskSet::ErrorHandler
{
public:
    //! Serves one connection. The connection ends when the promise resolves or fails. Connections are numbered from 0.
    using Handler = std::function<kj::Promise<void>(kj::Own<kj::AsyncIoStream>, uint64_t connection)>;

    //! Borrows `io`.
    Acceptor(kj::AsyncIoContext& io, Handler handler);

    //! Accept connections until the promise is dropped. Open connections stay open after that. If too many connections
    //! are open, closes a new one at once.
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

//! Serve the connections to a socket on this thread until SIGTERM or SIGINT. Call at most once in a
//! process, because it handles these two signals.
//!
//! @param make  Makes the handler of the connections. What the handler borrows must outlive this call.
//! @return An error if it cannot listen on the socket.
base::Status ServeUntilSignal(const std::string& path,
                              const std::function<Acceptor::Handler(kj::AsyncIoContext&)>& make);

} // namespace mpfuzz::peer
