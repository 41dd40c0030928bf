// Sockets and sessions: every connection gets an Init.
#pragma once

#include <mpfuzz/stream/unix_socket.h>
#include <targets/model_node/node.h>

#include <kj/async-io.h>
#include <kj/async.h>
#include <kj/timer.h>

namespace mpfuzz::model_node {

//! Serves connections until dropped. Loop thread only.
class Server final : private kj::TaskSet::ErrorHandler
{
public:
    Server(Node& node, kj::LowLevelAsyncIoProvider& io, kj::Timer& timer);

    //! Serves all clients. The promise is never fulfilled.
    kj::Promise<void> Listen(stream::ListenSocket& socket);

    //! Serves one connected socket, until its client disconnects.
    kj::Promise<void> ServeSocket(int fd);

private:
    kj::Promise<void> AcceptNext(kj::ConnectionReceiver& receiver);
    kj::Promise<void> Serve(kj::Own<kj::AsyncIoStream> stream);
    void taskFailed(kj::Exception&& error) override;

    Node& m_node;
    kj::LowLevelAsyncIoProvider& m_io;
    kj::Timer& m_timer;
    kj::TaskSet m_sessions;
};

} // namespace mpfuzz::model_node
