// The work of calls: how it is described, and how worker threads return results to the event loop.
#pragma once

#include <targets/model_node/tip_monitor.h>

#include <kj/async-unix.h>
#include <kj/async.h>
#include <kj/io.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::model_node {

//! Work that another thread has done. The loop thread has to process its result.
class Completion
{
public:
    virtual ~Completion() = default;

    //! Runs on the loop thread. Must not throw.
    virtual void Settle() noexcept = 0;
};

//! A queue from any thread to the loop thread. Bursts are cheap: a push wakes the loop only if the queue was empty, and
//! the loop takes the whole queue. It uses a mutex and an eventfd instead of libkj's cross-thread functions, so that
//! ThreadSanitizer understands it even if libkj is not instrumented.
class CompletionQueue
{
public:
    explicit CompletionQueue(kj::UnixEventPort& port);

    //! Any thread.
    void Push(std::vector<std::shared_ptr<Completion>> completions);

    //! Loop thread: settles everything that other threads push, until the promise is dropped.
    kj::Promise<void> SettleAll();

private:
    void Drain();

    kj::AutoCloseFd m_event;
    kj::UnixEventPort::FdObserver m_observer;
    std::mutex m_mutex;
    std::vector<std::shared_ptr<Completion>> m_queue; // Guarded by m_mutex.
};

class PendingCall;

//! The loop's record of a client's connection. Loop thread only.
struct ConnectionRecord {
    uint64_t answered_calls{0};
};

//! Points to a connection's record until the client leaves. Loop thread only; shared by the connection's jobs.
struct ConnectionLink {
    ConnectionRecord* record{nullptr};
};

//! The work of one call, with plain values as arguments and result. The loop thread creates it, a worker thread runs
//! it, and the loop thread settles it. It may outlive the call; then its result is not used.
class Job : public Completion
{
public:
    //! Worker thread. An exception becomes the error of the call.
    void Run();

    //! Makes Run let exceptions of the work through. Only for the planted bug `worker-exception`.
    void DoNotCatch() { m_catches = false; }

    //! Call this before the job is posted if its work may wait. The worker then returns finished jobs before it runs
    //! this one.
    void SetMayWait() { m_may_wait = true; }
    bool MayWait() const { return m_may_wait; }

    void Settle() noexcept override;

    //! The call that waits for this job, or null if there is none any more. Loop thread only.
    void SetCall(PendingCall* call) { m_call = call; }

    //! Makes the connection count the answer. Loop thread only, before the job is posted.
    void SetConnection(std::shared_ptr<ConnectionLink> link, bool trust_connection);

    //! The error of the work; nullopt if there was none. Only after settling.
    const std::optional<std::string>& Error() const { return m_error; }

    TipMonitor::Cancellation cancellation;

protected:
    virtual void Execute() = 0;

private:
    bool m_catches{true};
    bool m_may_wait{false};
    std::optional<std::string> m_error;
    PendingCall* m_call{nullptr};
    std::shared_ptr<ConnectionLink> m_link;
    bool m_trust_connection{false}; // For the planted bug `disconnect-in-call`.
};

//! A job that produces a `Result`.
template<typename Result>
class TypedJob final : public Job
{
public:
    using Body = std::function<Result(TipMonitor::Cancellation&)>;

    explicit TypedJob(Body body) : m_body{std::move(body)} {}

    //! Only after the job has settled without an error.
    Result& Get() { return *m_result; }

protected:
    void Execute() override
    {
        m_result.emplace(m_body(cancellation));
        m_body = nullptr; // Frees its captures here, not on the loop thread.
    }

private:
    Body m_body;
    std::optional<Result> m_result;
};

} // namespace mpfuzz::model_node
