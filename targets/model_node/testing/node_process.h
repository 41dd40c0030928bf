// A model_node process and clients of it, for tests.
#pragma once

#include <mpfuzz/base/testing/temporary_directory.h>
#include <targets/model_node/chain/block.h>

#include <capnp/rpc-twoparty.h>
#include <init.capnp.h>
#include <kj/async-io.h>
#include <mining.capnp.h>
#include <mp/proxy.capnp.h>
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::model_node {

//! How a process ended, and what it wrote to standard error.
struct ProcessEnd {
    std::optional<int> exit_status;
    std::optional<int> signal;
    std::string error_output;
};

//! A running model_node with its own socket. The destructor kills the process and removes the socket.
class NodeProcess
{
public:
    explicit NodeProcess(const std::vector<std::string>& arguments = {});
    ~NodeProcess();
    NodeProcess(const NodeProcess&) = delete;
    NodeProcess& operator=(const NodeProcess&) = delete;

    //! Waits until the server listens, and returns a connected socket.
    int Connect() const;

    //! Asks the process to shut down, and does not wait for its end.
    void Terminate() const;

    //! Asks the process to shut down, and waits for its end. Call either this or WaitForEnd, and only once.
    ProcessEnd Stop();

    //! Waits until the process ends by itself.
    ProcessEnd WaitForEnd();

    //! Returns the current number of threads of the process.
    size_t CountThreads() const;

private:
    base::TemporaryDirectory m_directory;
    pid_t m_pid{-1};
    int m_error_fd{-1};
};

//! One connection to a node. Two clients in one test share an event loop: pass it to both.
class Client
{
public:
    Client(kj::AsyncIoContext& io, const NodeProcess& node);

    messages::Init::Client& Init() { return m_init; }
    multiprocess::ThreadMap::Client& Threads() { return m_threads; }
    multiprocess::Thread::Client MakeThread(const std::string& name = "test");

    //! Sets the request's context to this thread.
    template<typename Request>
    Request With(Request request, multiprocess::Thread::Client thread)
    {
        request.initContext().setThread(kj::mv(thread));
        return request;
    }

    messages::Mining::Client MakeMining(multiprocess::Thread::Client thread);
    messages::Echo::Client MakeEcho(multiprocess::Thread::Client thread);

    //! Closes the connection.
    void Leave();

    //! Closes the connection for writing, and waits until the server closes it: then the server has noticed. Then
    //! closes it.
    void LeaveAndAwaitDisconnect();

    //! Waits until the server closes the connection.
    void WaitForDisconnect() { m_rpc->onDisconnect().wait(m_io.waitScope); }

private:
    kj::AsyncIoContext& m_io;
    kj::Own<kj::AsyncIoStream> m_stream;
    std::unique_ptr<capnp::TwoPartyClient> m_rpc;
    messages::Init::Client m_init{nullptr};
    multiprocess::ThreadMap::Client m_threads{nullptr};
};

} // namespace mpfuzz::model_node
