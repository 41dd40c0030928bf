#pragma once

#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/connection.h>
#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/execute/served_object.h>
#include <mpfuzz/program/program.h>
#include <mpfuzz/program/target_rules.h>
#include <mpfuzz/trace/trace.h>

#include <capnp/dynamic.h>
#include <kj/async-io.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace mpfuzz::execute {

//! What one program's run needs from its executor.
struct SessionContext {
    const schema::Schema& schema;
    kj::AsyncIoContext& io;
    const program::TargetRules& rules;
    std::function<base::Result<kj::Own<Connection>>()> connect;
    kj::Promise<void> death;                     //!< resolves when the target's process ends
    std::function<bool(int)> signal;             //!< sends the process a signal; false if the process is not ours
    std::function<void()> on_all_steps_executed; //!< called before the last answers are awaited
    std::function<void()> before_closing;        //!< called after that, before any connection is closed
};

//! One run of one program: its connections, calls and objects, from the first step to the end of the last connection.
class Session final : private References
{
public:
    Session(SessionContext context, const program::Program& program);
    ~Session();

    //! Execute all steps, collect the answers that are due, then close all connections. Of the trace's `ending` this
    //! fills in only whether the program asked the target to shut down, which connections the target closed, and
    //! whether the main interface of one of them has arrived.
    trace::Trace ExecuteProgram(bool await_each);

    //! True if the target may be failing: an answer is missing, or a connection ended that we did not close.
    bool Suspicious() const { return m_suspicious; }
    bool Died() const { return m_died; }

private:
    using Outcome = trace::Outcome;

    struct CallState {
        program::StepIndex connection{0};
        uint32_t results{0};
        bool may_block{false};
        bool outstanding{false};
        kj::Maybe<capnp::DynamicStruct::Pipeline> pipeline;
        kj::Maybe<capnp::Response<capnp::DynamicStruct>> response;
        kj::Maybe<kj::Promise<void>> task;
        //! Capabilities that later steps need, kept when a Drop step released the answer that contained them.
        std::vector<std::pair<program::Path, capnp::Capability::Client>> kept;
    };

    void ExecuteStep(program::StepIndex index, const program::Connect&);
    void ExecuteStep(program::StepIndex index, const program::Bootstrap& step);
    void ExecuteStep(program::StepIndex index, const program::Call& step);
    void ExecuteStep(program::StepIndex index, const program::Await& step);
    void ExecuteStep(program::StepIndex index, const program::Cancel& step);
    void ExecuteStep(program::StepIndex index, const program::Drop& step);
    void ExecuteStep(program::StepIndex index, const program::Serve& step);
    void ExecuteStep(program::StepIndex index, const program::Disconnect& step);
    void ExecuteStep(program::StepIndex index, const program::Message& step);
    void ExecuteStep(program::StepIndex index, const program::Bytes& step);
    void ExecuteStep(program::StepIndex index, const program::Delay& step);
    void ExecuteStep(program::StepIndex index, const program::Signal& step);

    kj::Maybe<capnp::Capability::Client> Find(const program::CapabilityRef& ref) override;
    std::optional<program::Value> Find(const program::DataRef& ref) override;
    capnp::Capability::Client Serve(const program::ServedObject& object) override;
    kj::Maybe<capnp::Capability::Client> FindInAnswer(CallState& call, const program::CapabilityRef& ref);

    void Answered(program::StepIndex index, capnp::Response<capnp::DynamicStruct>&& response);
    void Failed(program::StepIndex index, const kj::Exception& exception);
    //! Release all objects that came through a connection.
    void ReleaseObjects(program::StepIndex connection);
    //! Close a connection as the end of a process would, even if calls are outstanding.
    void Close(program::StepIndex connection);
    //! Send raw bytes. The step is skipped if the connection is closed.
    void SendRaw(program::StepIndex index, program::StepIndex connection, std::string_view bytes);
    //! Record in the trace whether this connection's main interface has arrived, and whether the target has closed it.
    void RecordState(program::StepIndex index, const Connection& connection);
    //! Send the answers of served objects that are due at this step.
    void SendDueAnswers();
    //! Remember on which connection a served object is passed.
    void RememberConnection(program::StepIndex object);
    //! True if we have not answered a call of the target. The target may wait for that answer.
    bool TargetWaitsForUs() const { return (*m_environment)->unanswered > 0; }
    //! How long to wait for the next answer while MayBeSilent is true.
    std::chrono::milliseconds SilenceLimit() const;
    void Finish();

    //! Run the event loop until no event is ready. This sends what was written.
    void Poll();
    //! False inside a callback of the event loop, which cannot wait for itself.
    bool CanWait() const { return m_waiting_for == nullptr && !m_polling; }
    //! Run the event loop until `done` returns true, the target dies, or the deadline passes. `done` is evaluated only
    //! when Wake is called.
    bool WaitUntil(const std::function<bool()>& done, std::chrono::milliseconds deadline);
    //! Wait until these calls have ended or their deadline has passed, and mark the late ones in the trace.
    void AwaitCalls(const std::vector<program::StepIndex>& calls);
    bool Outstanding(program::StepIndex index) const;
    //! True if a call is outstanding that a correct target may leave unanswered.
    bool HasBlockingCall() const;
    //! True if a correct target may send no answer now.
    bool MayBeSilent() const { return HasBlockingCall() || TargetWaitsForUs(); }
    int64_t Now() const;
    void Wake();

    SessionContext m_context;
    const schema::Schema& m_schema;
    const program::Program& m_program;
    trace::Trace m_trace;
    std::chrono::steady_clock::time_point m_start;
    kj::ForkedPromise<void> m_death;
    bool m_died{false};
    bool m_suspicious{false};
    program::StepIndex m_current{0};
    bool m_at_end{false}; //!< all steps have been executed
    //! Answers of served objects that are sent at a later step, by that step.
    std::multimap<uint32_t, kj::Own<kj::PromiseFulfiller<void>>> m_due_answers;
    //! The connection on which each served object was last passed, by the step that made the object.
    std::map<program::StepIndex, program::StepIndex> m_passed_on;
    uint64_t m_ended{0}; //!< number of calls that were answered or failed
    std::shared_ptr<std::unique_ptr<ServedEnvironment>> m_environment;
    std::map<program::StepIndex, kj::Own<Connection>> m_connections;
    std::map<program::StepIndex, capnp::Capability::Client> m_objects; //!< of Bootstrap and Serve steps
    std::map<program::StepIndex, kj::Promise<void>> m_bootstraps;
    std::map<program::StepIndex, CallState> m_calls;
    std::vector<program::CapabilityRef> m_dropped;
    bool m_polling{false};
    const std::function<bool()>* m_waiting_for{nullptr};
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_waker;
};

} // namespace mpfuzz::execute
