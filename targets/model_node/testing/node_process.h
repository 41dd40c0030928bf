// A model_node process and clients of it, for tests.
#pragma once

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

//! How a process ended, and its last words.
struct ProcessEnd {
    std::optional<int> exit_status;
    std::optional<int> signal;
    std::string error_output;
};

//! A running model_node on a socket of its own; stopped and removed in the end.
class NodeProcess
{
public:
    explicit NodeProcess(const std::vector<std::string>& arguments = {});
    ~NodeProcess();
    NodeProcess(const NodeProcess&) = delete;
    NodeProcess& operator=(const NodeProcess&) = delete;

    //! A connected socket, as soon as the server listens.
    int Connect() const;

    //! Ask the process to end, and do not wait.
    void Terminate() const;

    //! Ask the process to end. Once only, as is the next.
    ProcessEnd Stop();

    //! Wait for the process to end by itself.
    ProcessEnd WaitForEnd();

    //! Number of threads that the process has now.
    size_t CountThreads() const;

private:
    std::string m_directory;
    pid_t m_pid{-1};
    int m_error_fd{-1};
};

//! One connection. Two clients in one test need one event loop: pass it in.
class Client
{
public:
    Client(kj::AsyncIoContext& io, const NodeProcess& node);

    messages::Init::Client& Init() { return m_init; }
    multiprocess::ThreadMap::Client& Threads() { return m_threads; }
    multiprocess::Thread::Client MakeThread(const std::string& name = "test");

    //! A request's context with this thread.
    template<typename Request>
    Request With(Request request, multiprocess::Thread::Client thread)
    {
        request.initContext().setThread(kj::mv(thread));
        return request;
    }

    messages::Mining::Client MakeMining(multiprocess::Thread::Client thread);
    messages::Echo::Client MakeEcho(multiprocess::Thread::Client thread);

    //! Close the connection.
    void Leave();

    //! Close the connection for writing, wait for the server to close it altogether, and leave: then the server
    //! knows of it.
    void LeaveAndSeeTheEnd();

    //! Wait for the server to close it.
    void WaitForDisconnect() { m_rpc->onDisconnect().wait(m_io.waitScope); }

private:
    kj::AsyncIoContext& m_io;
    kj::Own<kj::AsyncIoStream> m_stream;
    std::unique_ptr<capnp::TwoPartyClient> m_rpc;
    messages::Init::Client m_init{nullptr};
    multiprocess::ThreadMap::Client m_threads{nullptr};
};

} // namespace mpfuzz::model_node
