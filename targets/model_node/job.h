// A call's work away from the event loop.
#pragma once

#include <targets/model_node/completion_queue.h>
#include <targets/model_node/tip_monitor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mpfuzz::model_node {

class PendingCall;

//! What the loop knows of a client's connection. Loop thread only.
struct ConnectionRecord {
    uint64_t answered_calls{0};
};

//! Where a connection's record is, as long as the client is there. Loop thread only; shared by its jobs.
struct ConnectionLink {
    ConnectionRecord* record{nullptr};
};

//! The work of one call, with plain values in and out. Made on the loop thread, run on a worker, settled on
//! the loop thread again. It may outlive the call: then nobody looks at the result.
class Job : public Completion
{
public:
    //! Run on a worker thread. An exception becomes the error of the call.
    void Run();

    //! Do not catch what the work throws: for the planted bug `worker-exception` alone.
    void LeaveUnguarded() { m_guarded = false; }

    //! Say, before it is posted, that the work may wait for something: finished jobs do not wait with it.
    void SetMayWait() { m_may_wait = true; }
    bool MayWait() const { return m_may_wait; }

    void Settle() noexcept override;

    //! The call that waits for this job, or null if it is gone. Loop thread only.
    void SetCall(PendingCall* call) { m_call = call; }

    //! Count the answer on this connection. Loop thread only, before the job is posted.
    void SetConnection(std::shared_ptr<ConnectionLink> link, bool trust_connection);

    //! Empty, or why the work failed. After settling only.
    const std::optional<std::string>& Error() const { return m_error; }

    TipMonitor::Cancellation cancellation;

protected:
    virtual void Execute() = 0;

private:
    bool m_guarded{true};
    bool m_may_wait{false};
    std::optional<std::string> m_error;
    PendingCall* m_call{nullptr};
    std::shared_ptr<ConnectionLink> m_link;
    bool m_trust_connection{false}; // The planted bug `disconnect-in-call`.
};

//! A job that makes a `Result`.
template<typename Result>
class TypedJob final : public Job
{
public:
    using Body = std::function<Result(TipMonitor::Cancellation&)>;

    explicit TypedJob(Body body) : m_body{std::move(body)} {}

    //! The result. Only after the job has settled without an error.
    Result& Get() { return *m_result; }

protected:
    void Execute() override
    {
        m_result.emplace(m_body(cancellation));
        m_body = nullptr; // What it holds is freed here, not on the loop thread.
    }

private:
    Body m_body;
    std::optional<Result> m_result;
};

} // namespace mpfuzz::model_node
