#pragma once

#include <mpfuzz/execute/connection.h>
#include <mpfuzz/execute/dynamic.h>
#include <mpfuzz/execute/executor.h>
#include <mpfuzz/execute/served_object.h>

#include <capnp/dynamic.h>
#include <kj/async-io.h>
#include <kj/time.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace mpfuzz::execute {

//! What one program's run needs from its executor.
struct SessionContext {
    const schema::Schema& schema;
    kj::AsyncIoContext& io;
    const program::TargetRules& rules;
    std::function<base::Result<kj::Own<Connection>>()> connect;
    kj::Promise<void> death;         //!< resolves when the target's process ends
    std::function<bool(int)> signal; //!< send the process a signal; false where we have none
    std::function<void()> at_height; //!< called when all steps have been carried out, before their answers are awaited
    std::function<void()> before_closing; //!< called after that, before anything is closed
};

//! A point in time from now on, for a KJ timer's atTime. Not afterDelay: the timer's own idea of now is that of
//! the event loop's last turn, which may be seconds ago where gdb or a restart came between, and a deadline
//! counted from there would be over before it began.
kj::TimePoint Deadline(std::chrono::milliseconds from_now);

//! One program's run: its connections, calls and objects, from the first step to the last connection's end.
class Session final : private References
{
public:
    Session(SessionContext context, const program::Program& program);
    ~Session();

    //! Carry out all steps and collect the answers that are due, then close everything. Of the trace's ending, what the
    //! program itself did and saw is filled in: whether it told the target to end, and what that closed.
    trace::Trace Run(bool await_each);

    //! True where something happened that a healthy target with this program does not do: an answer is
    //! missing, or a connection broke that we did not close.
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
        //! Capabilities kept when a Drop released the answer that they stood in.
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
    //! Let go of everything that came through a connection.
    void ReleaseObjects(program::StepIndex connection);
    //! Close a connection as the end of a process does, whatever is outstanding.
    void Close(program::StepIndex connection);
    //! Send bytes of our own. Where the connection is closed the step is skipped.
    void SendRaw(program::StepIndex index, program::StepIndex connection, std::string_view bytes);
    //! Note where the target has closed a connection.
    void NoteClosing(program::StepIndex index, const Connection& connection);
    //! Answer what was to be answered at this step.
    void AnswerLate();
    //! Remember on which connection an object of ours is being passed.
    void NotePassed(program::StepIndex object);
    //! We have not answered the target, which may rightly wait for that.
    bool WeOwe() const { return (*m_environment)->owed > 0; }
    //! How long to wait for the next answer while silence may be rightful.
    std::chrono::milliseconds Patience() const;
    void Finish();

    //! Let whatever is ready happen; what was written goes out.
    void Poll();
    //! False where it is the event loop that calls, which cannot wait for itself.
    bool CanWait() const { return m_waiting_for == nullptr && !m_polling; }
    //! Run the event loop until `done`, which has to become true through a call's end, or the deadline.
    bool WaitUntil(const std::function<bool()>& done, std::chrono::milliseconds deadline);
    //! Wait for calls with the deadline that is due to them; what is late is noted.
    void AwaitCalls(const std::vector<program::StepIndex>& calls);
    bool Outstanding(program::StepIndex index) const;
    //! A call is outstanding that may rightly never be answered.
    bool BlockerOutstanding() const;
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
    bool m_at_end{false};                                                //!< all steps have been carried out
    std::multimap<uint32_t, kj::Own<kj::PromiseFulfiller<void>>> m_late; //!< answers of ours, by their step
    //! Connections on which served objects were passed last, by the step that made them.
    std::map<program::StepIndex, program::StepIndex> m_passed_on;
    uint64_t m_ended{0}; //!< calls that were answered, or failed
    std::shared_ptr<std::unique_ptr<ServedEnvironment>> m_environment;
    std::map<program::StepIndex, kj::Own<Connection>> m_connections;
    std::map<program::StepIndex, capnp::Capability::Client> m_objects; //!< of Bootstrap and Serve
    std::map<program::StepIndex, kj::Promise<void>> m_bootstraps;
    std::map<program::StepIndex, CallState> m_calls;
    std::vector<program::CapabilityRef> m_dropped;
    bool m_polling{false};
    const std::function<bool()>* m_waiting_for{nullptr};
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_waker;
};

} // namespace mpfuzz::execute
