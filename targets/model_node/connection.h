// The state of one client: its threads, and its calls on them.
#pragma once

#include <targets/model_node/job.h>
#include <targets/model_node/node.h>
#include <targets/model_node/planted.h>
#include <targets/model_node/worker.h>

#include <capnp/capability.h>
#include <capnp/common.h>
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

//! Makes the current call fail with this text. Loop thread only.
[[noreturn]] void ThrowError(const std::string& text);

//! Allows the caller to cancel the promise of this call. The call's parameters must be released before.
template<typename CallContext>
void AllowCancellation([[maybe_unused]] CallContext& context)
{
#if CAPNP_VERSION < 11000
    context.allowCancellation();
#endif
    // Later versions use an annotation in the schema instead, which earlier versions do not have. Without it, a
    // cancelled call runs to its end, unless its client leaves.
}

//! One call that names a thread. Finds the thread, posts the job, and fulfils a promise when the job has settled. The
//! destructor cancels the job.
class PendingCall
{
public:
    PendingCall(kj::PromiseFulfiller<void>& fulfiller, Connection& connection, multiprocess::Thread::Client thread,
                std::shared_ptr<Job> job);
    ~PendingCall();

    //! Called when the job has settled.
    void Finish();

private:
    friend class Connection;

    void Post();
    void Fail(kj::Exception&& error);

    kj::PromiseFulfiller<void>& m_fulfiller;
    kj::Own<Connection> m_connection;
    multiprocess::Thread::Client m_thread;
    std::shared_ptr<Job> m_job;
    std::list<PendingCall*>::iterator m_position; // In Connection::m_resolving.
    ThreadServer* m_server{nullptr};              // Kept alive by m_thread.
    bool m_waits_for_thread{true};
    bool m_posted{false};
    kj::Promise<void> m_lookup{nullptr};
};

//! One client's state. Lives as long as any object that the server gave to the client. Loop thread only.
class Connection : public kj::Refcounted
{
public:
    explicit Connection(Node& node);

    Node& GetNode() { return m_node; }

    size_t templates{0}; //!< Number of block templates that the client holds.

    //! Cancels the client's calls and releases its pool. Called when the client has disconnected.
    void Disconnect();

    //! Starts a thread for the client's calls. Throws a kj::Exception if the client has the maximum number.
    multiprocess::Thread::Client MakeThread(const std::string& name);

    //! Starts the threads for calls that name no thread. Throws a kj::Exception if there is a pool already.
    void MakePool(uint32_t count);

    //! Answers a call whose parameters have a `context`: runs `body` on the thread named there, then calls `encode`
    //! with its result on the loop thread. Calls on one thread keep their order. `body` must not use Cap'n Proto
    //! objects. Releases the parameters, so decode them before.
    template<typename Result, typename CallContext, typename Body, typename Encode>
    kj::Promise<void> RunOnThread(CallContext& context, Body body, Encode encode)
    {
        return RunJob(context, std::make_shared<TypedJob<Result>>(std::move(body)), std::move(encode));
    }

    template<typename Result, typename CallContext, typename Encode>
    kj::Promise<void> RunJob(CallContext& context, std::shared_ptr<TypedJob<Result>> job, Encode encode)
    {
        auto call_context{context.getParams().getContext()};
        auto thread{call_context.hasThread() ? call_context.getThread() : PickPoolThread()};
        kj::Maybe<multiprocess::Thread::Client> callback_thread;
        if (m_last_requests && call_context.hasCallbackThread()) callback_thread = call_context.getCallbackThread();
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
    std::list<PendingCall*> m_resolving;       // Calls whose thread is not found yet, oldest first.
    bool m_flush_due{false};
    kj::Promise<void> m_flush{nullptr};
    std::unique_ptr<planted::LastRequests>
        m_last_requests; // Null unless the bug destroy-error is on and the client is connected.
    kj::Canceler m_canceler;
};

//! The handle of one thread. After its destruction the thread finishes its jobs and ends.
class ThreadServer final : public multiprocess::Thread::Server
{
public:
    ThreadServer(Connection& connection, const std::string& name, std::shared_ptr<Worker> worker);
    ~ThreadServer() noexcept(false);

    kj::Promise<void> getName(GetNameContext context) override;

    multiprocess::Thread::Client Self() { return thisCap(); }

    //! Queues a job. Returns false if the thread has ended.
    bool Post(std::shared_ptr<Job> job);

    //! Called when a posted call is over.
    void LeaveCall() { --m_calls; }

    //! Number of calls that are posted and not over.
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
