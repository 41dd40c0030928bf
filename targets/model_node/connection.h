// What belongs to one client: its threads, and its calls on them.
#pragma once

#include <targets/model_node/compat.h>
#include <targets/model_node/job.h>
#include <targets/model_node/node.h>
#include <targets/model_node/planted/farewells.h>
#include <targets/model_node/worker.h>

#include <capnp/capability.h>
#include <kj/async.h>
#include <kj/refcount.h>
#include <mp/proxy.capnp.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::model_node {

class Connection;
class ThreadServer;

//! Fail the current call with this text. Loop thread only.
[[noreturn]] void ThrowError(const std::string& text);

//! One call that named a thread: finds the thread, posts the job, and passes on its end. Dropping it cancels
//! the job.
class PendingCall
{
public:
    PendingCall(kj::PromiseFulfiller<void>& fulfiller, Connection& connection, multiprocess::Thread::Client thread,
                std::shared_ptr<Job> job);
    ~PendingCall();

    //! The job has settled.
    void Finish();

private:
    friend class Connection;

    void Post();
    void Fail(kj::Exception&& error);

    kj::PromiseFulfiller<void>& m_fulfiller;
    kj::Own<Connection> m_connection;
    multiprocess::Thread::Client m_thread;
    std::shared_ptr<Job> m_job;
    std::list<PendingCall*>::iterator m_place; // In the connection's list of calls that wait for their thread.
    ThreadServer* m_server{nullptr};           // Kept alive by m_thread.
    bool m_waits_for_thread{true};
    bool m_posted{false};
    kj::Promise<void> m_lookup{nullptr};
};

//! One client's state. Lives as long as any object that the client was given. Loop thread only.
class Connection : public kj::Refcounted
{
public:
    explicit Connection(Node& node);

    Node& GetNode() { return m_node; }

    size_t templates{0}; //!< Block templates that the client holds.

    //! The client is gone: cancel its calls, forget its pool.
    void Disconnect();

    //! Start a thread that jobs can be sent to. Fails beyond a fixed number.
    multiprocess::Thread::Client MakeThread(const std::string& name);

    //! Start the threads for calls that name none. Fails if there are some already.
    void MakePool(uint32_t count);

    //! Answer a call whose parameters have a `context`: run `body` on the thread named there, then `encode`
    //! its result here. Order is kept among calls on one thread. `body` must not touch Cap'n Proto objects.
    //! The parameters are released: decode them before.
    template<typename Result, typename CallContext, typename Body, typename Encode>
    kj::Promise<void> Run(CallContext& context, Body body, Encode encode)
    {
        return RunJob(context, std::make_shared<TypedJob<Result>>(std::move(body)), std::move(encode));
    }

    template<typename Result, typename CallContext, typename Encode>
    kj::Promise<void> RunJob(CallContext& context, std::shared_ptr<TypedJob<Result>> job, Encode encode)
    {
        auto call_context{context.getParams().getContext()};
        auto thread{call_context.hasThread() ? call_context.getThread() : PickPoolThread()};
        kj::Maybe<multiprocess::Thread::Client> callback_thread;
        if (m_farewells && call_context.hasCallbackThread()) callback_thread = call_context.getCallbackThread();
        context.releaseParams();
        AllowCancellation(context);
        auto answer{Dispatch(std::move(thread), job).then([context, job, encode = std::move(encode)]() mutable {
            if (job->Error()) ThrowError(*job->Error());
            encode(context, job->Get());
        })};
        KJ_IF_MAYBE (to_release, callback_thread) return ReleaseAfter(kj::mv(answer), kj::mv(*to_release));
        return answer;
    }

private:
    friend class PendingCall;
    friend class ThreadServer;

    kj::Promise<void> Dispatch(multiprocess::Thread::Client thread, std::shared_ptr<Job> job);
    void Cancel(std::shared_ptr<Job> job);
    kj::Promise<void> ReleaseAfter(kj::Promise<void> answer, multiprocess::Thread::Client callback_thread);
    multiprocess::Thread::Client PickPoolThread();
    void CheckConnected();
    void PostInOrder(PendingCall& call);
    void PostFound();

    Node& m_node;
    ConnectionRecord m_record;
    std::shared_ptr<ConnectionLink> m_link;
    capnp::CapabilityServerSet<multiprocess::Thread> m_threads;
    size_t m_thread_count{0};
    std::vector<multiprocess::Thread::Client> m_pool;
    std::vector<ThreadServer*> m_pool_servers; // Kept alive by m_pool.
    std::list<PendingCall*> m_looking;         // Calls that wait for their thread, oldest first.
    bool m_flush_due{false};
    kj::Promise<void> m_flush{nullptr};
    std::unique_ptr<planted::Farewells> m_farewells; // Null without the bug destroy-error, or without a client.
    kj::Canceler m_canceler;
};

} // namespace mpfuzz::model_node
