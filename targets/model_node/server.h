// Sockets and sessions: from a connection to its Init.
#pragma once

#include "targets/model_node/node.h"

#include <kj/async-io.h>
#include <kj/async.h>
#include <kj/timer.h>

#include <string>

namespace mpfuzz::model_node {

//! A listening Unix socket, removed from the file system when this goes.
class ListenSocket
{
public:
    //! Takes the place of a socket that nobody listens on. Throws std::runtime_error with what to change.
    explicit ListenSocket(const std::string& path);
    ~ListenSocket();
    ListenSocket(const ListenSocket&) = delete;
    ListenSocket& operator=(const ListenSocket&) = delete;

    //! Pass on the descriptor; once only.
    int TakeFd();

private:
    std::string m_path;
    int m_fd;
};

//! Serves connections until dropped. Loop thread only.
class Server final : private kj::TaskSet::ErrorHandler
{
public:
    Server(Node& node, kj::LowLevelAsyncIoProvider& io, kj::Timer& timer);

    //! Serve all who come. Never ends by itself.
    kj::Promise<void> Listen(ListenSocket& socket);

    //! Serve one connected socket, until its client leaves.
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
