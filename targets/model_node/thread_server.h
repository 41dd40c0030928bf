// ThreadMap and Thread: where clients get the threads that their calls run on.
#pragma once

#include <targets/model_node/connection.h>
#include <targets/model_node/worker.h>

#include <kj/async.h>
#include <mp/proxy.capnp.h>

#include <cstddef>
#include <memory>
#include <string>

namespace mpfuzz::model_node {

//! The handle of one thread. When the last one goes, the thread finishes its jobs and ends.
class ThreadServer final : public multiprocess::Thread::Server
{
public:
    ThreadServer(Connection& connection, const std::string& name, std::shared_ptr<Worker> worker);
    ~ThreadServer() noexcept(false);

    kj::Promise<void> getName(GetNameContext context) override;

    multiprocess::Thread::Client Self() { return thisCap(); }

    //! Queue a job. False if the thread has ended.
    bool Post(std::shared_ptr<Job> job);

    //! A call that was posted is over.
    void LeaveCall() { --m_calls; }

    //! Calls posted and not over.
    size_t Calls() const { return m_calls; }

private:
    kj::Own<Connection> m_connection;
    std::string m_name;
    std::shared_ptr<Worker> m_worker;
    size_t m_calls{0};
};

class ThreadMapServer final : public multiprocess::ThreadMap::Server
{
public:
    explicit ThreadMapServer(Connection& connection) : m_connection{kj::addRef(connection)} {}

    kj::Promise<void> makeThread(MakeThreadContext context) override;
    kj::Promise<void> makePool(MakePoolContext context) override;

private:
    kj::Own<Connection> m_connection;
};

} // namespace mpfuzz::model_node
