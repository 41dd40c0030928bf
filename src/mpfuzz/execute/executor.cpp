#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/execute/connection.h>
#include <mpfuzz/execute/session.h>

#include <kj/async-unix.h>

#include <poll.h>
#include <signal.h>

#include <algorithm>

namespace mpfuzz::execute {
namespace {

// A sanitizer may need seconds to put names to a stack.
constexpr std::chrono::milliseconds REPORT_TIME{15'000};
// A broken connection is the first sign of death; the process's own end follows. Where it goes on answering, that
// was probably no such sign.
constexpr std::chrono::milliseconds DYING_TIME{1'000};
constexpr std::chrono::milliseconds ANSWERING_TIME{50};

// Longer than a worker thread takes to notice that its client has gone, and to die of it.
constexpr std::chrono::milliseconds PATIENT_SETTLE{200};
// The next answer behind a call that may block, on a loaded machine.
constexpr std::chrono::milliseconds PATIENT_BLOCKED{100};

//! KJ logs what the peer does wrong, in its view; here that is daily business.
class QuietCallback final : public kj::ExceptionCallback
{
public:
    void logMessage(kj::LogSeverity, const char*, int, int, kj::String&&) override {}
    //! Nobody reads the stacks of exceptions that are expected, and walking them is a tenth of our time.
    StackTraceMode stackTraceMode() override { return StackTraceMode::NONE; }
};

bool DiesWithin(int death_fd, std::chrono::milliseconds deadline)
{
    if (death_fd < 0) return false;
    pollfd descriptor{death_fd, POLLIN, 0};
    return poll(&descriptor, 1, static_cast<int>(deadline.count())) == 1;
}

//! True where the target has something to clean up after its clients: what it may yet die of.
bool LeavesWork(const program::Program& program, const trace::Trace& trace)
{
    for (size_t i{0}; i < program.steps.size(); ++i) {
        const trace::Status status{trace.outcomes[i].status};
        if (status == trace::Status::UNANSWERED || status == trace::Status::CANCELED) return true;
        if (std::holds_alternative<program::Disconnect>(program.steps[i])) return true;
    }
    return false;
}

struct UnsupportedStep {
    std::string operator()(const program::Message&) const { return "`message` steps cannot be carried out yet"; }
    std::string operator()(const program::Bytes&) const { return "`bytes` steps cannot be carried out yet"; }
    std::string operator()(const program::Disconnect& step) const
    {
        return step.how == program::Disconnect::How::HALF ? "half-open connections cannot be made yet" : "";
    }
    std::string operator()(const program::Serve& step) const { return Object(step.object); }
    std::string operator()(const program::Call& step) const { return Fields(step.arguments.fields); }
    template<typename Supported>
    std::string operator()(const Supported&) const
    {
        return {};
    }

private:
    static std::string Object(const program::ServedObject& object)
    {
        for (const program::Reaction& reaction : object.reactions) {
            if (reaction.kind != program::Reaction::Kind::RETURN) return "served objects can only `return` yet";
            if (std::string inner{Fields(reaction.results)}; !inner.empty()) return inner;
        }
        return {};
    }
    static std::string Fields(const std::vector<program::FieldValue>& fields)
    {
        for (const auto& field : fields) {
            if (std::string inner{Content(field.value)}; !inner.empty()) return inner;
        }
        return {};
    }
    static std::string Contents(const std::vector<program::Value>& values)
    {
        for (const auto& value : values) {
            if (std::string inner{Content(value)}; !inner.empty()) return inner;
        }
        return {};
    }
    static std::string Content(const program::Value& value)
    {
        if (const auto* object{value.As<program::ServedObject>()}) return Object(*object);
        if (const auto* fields{value.As<program::StructValue>()}) return Fields(fields->fields);
        if (const auto* list{value.As<program::ListValue>()}) return Contents(list->elements);
        if (const auto* repeat{value.As<program::RepeatValue>()}) return Contents(repeat->element);
        if (const auto* any{value.As<program::AnyValue>()}) return Contents(any->value);
        return {};
    }
};

} // namespace

struct Executor::State {
    const schema::Schema& schema;
    Target& target;
    Deadlines deadlines;
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    kj::Maybe<kj::Own<kj::UnixEventPort::FdObserver>> death_observer;
    kj::Maybe<kj::ForkedPromise<void>> death;
    kj::Maybe<kj::Own<Connection>> warm;
    bool quiesce{false};
    //! After the last connection is closed, for a target that dies of that. Zero while fuzzing, where the next
    //! program's end notices.
    std::chrono::milliseconds patience{0};

    State(const schema::Schema& s, Target& t, Deadlines d) : schema{s}, target{t}, deadlines{std::move(d)} {}

    void Forget()
    {
        warm = nullptr;
        death = nullptr;
        death_observer = nullptr;
    }

    //! Watch a freshly started process.
    void WatchDeath()
    {
        if (death != nullptr || target.DeathFd() < 0) return;
        auto observer{kj::heap<kj::UnixEventPort::FdObserver>(io.unixEventPort, target.DeathFd(),
                                                              kj::UnixEventPort::FdObserver::OBSERVE_READ)};
        death = observer->whenBecomesReadable().fork();
        death_observer = kj::mv(observer);
    }

    kj::Promise<void> DeathPromise()
    {
        KJ_IF_MAYBE (promise, death) return promise->addBranch();
        return kj::NEVER_DONE;
    }

    base::Result<kj::Own<Connection>> Connect()
    {
        KJ_IF_MAYBE (connection, warm) {
            auto own{kj::mv(*connection)};
            warm = nullptr;
            return own;
        }
        const auto fd{target.Connect()};
        if (!fd) return fd.GetError();
        return kj::heap<Connection>(io, *fd);
    }

    //! Open the next program's connection and ask for its main interface. @return False where nobody listens.
    bool Warm()
    {
        auto connection{Connect()};
        if (!connection) return false;
        warm = kj::mv(*connection);
        io.waitScope.poll();
        return true;
    }

    //! The same, and see whether it answers.
    bool Probe()
    {
        auto connection{Connect()};
        if (!connection) return false;
        bool responsive{false};
        auto& timer{io.provider->getTimer()};
        // Twice, as with every deadline: see STALL_GRACE.
        KJ_IF_MAYBE (exception, kj::runCatchingExceptions([&] {
                         auto answer{(*connection)->Main().whenResolved().then([&] { responsive = true; }).fork()};
                         for (const auto deadline : {deadlines.bootstrap, STALL_GRACE}) {
                             if (responsive) break;
                             answer.addBranch()
                                 .exclusiveJoin(timer.atTime(Deadline(deadline)))
                                 .exclusiveJoin(DeathPromise())
                                 .wait(io.waitScope);
                         }
                     })) {
            return false;
        }
        if (responsive) warm = kj::mv(*connection);
        return responsive;
    }

    //! Fill in how the target is after the program.
    //!
    //! @param suspicious  A connection broke, or an answer is missing.
    //! @param overdue     An answer is missing that was due.
    //! @param settle      Time to die of the program's end.
    void Conclude(trace::Ending& ending, bool suspicious, bool overdue, bool log_grew, std::chrono::milliseconds settle)
    {
        const bool settling{settle.count() > 0};
        if (settling) DiesWithin(target.DeathFd(), settle);
        // While all is well the next program finds out, and no round trip is spent on it; but whoever counts edges
        // wants those of the program's end to be its own.
        ending.responsive = suspicious || settling || quiesce ? Probe() : Warm();
        const auto dying_time{ending.responsive ? ANSWERING_TIME : DYING_TIME};
        if (suspicious || !ending.responsive) DiesWithin(target.DeathFd(), log_grew ? REPORT_TIME : dying_time);
        if (const auto exit{target.Died()}) {
            ending.alive = false;
            ending.signal = exit->signal;
            ending.status = exit->status;
            ending.last_words = target.LastWords();
            // An abort comes with words of its own; another signal has only its stack to be told by.
            const bool wordless{exit->signal != SIGABRT || target.LogSize() == 0};
            if (exit->signal && wordless) ending.last_words += target.CrashStack();
        } else if (overdue || !ending.responsive) {
            ending.alive = ending.responsive || target.DeathFd() >= 0;
            ending.last_words = target.LastWords();
            ending.stacks = target.Stacks();
        }
    }
};

Executor::Executor(const schema::Schema& schema, Target& target, Deadlines deadlines)
    : m_state{std::make_unique<State>(schema, target, std::move(deadlines))}
{
}

Executor::~Executor() = default;

base::Status Executor::Supports(const program::Program& program) const
{
    for (size_t i{0}; i < program.steps.size(); ++i) {
        const std::string why{std::visit(UnsupportedStep{}, program.steps[i])};
        if (!why.empty()) return base::Error{"step " + std::to_string(i) + ": " + why};
    }
    return base::Ok();
}

base::Result<trace::Trace> Executor::Run(const program::Program& program, bool await_each)
{
    CHECK(Supports(program));
    QuietCallback quiet; // KJ wants it on the stack.
    State& state{*m_state};
    if (auto started{state.target.Start()}; !started) return started.GetError();
    state.WatchDeath();
    state.target.ClearCoverage();
    const uint64_t log_before{state.target.LogSize()};

    trace::Trace trace;
    bool suspicious{false};
    {
        Session session{
            {state.schema, state.io, state.deadlines, [&] { return state.Connect(); }, state.DeathPromise()}, program};
        trace = session.Run(await_each);
        suspicious = session.Suspicious() || session.Died();
    }
    const bool overdue{
        std::any_of(trace.outcomes.begin(), trace.outcomes.end(), [](const auto& o) { return o.awaited; })};
    const auto settle{LeavesWork(program, trace) ? state.patience : state.patience / 10};
    state.Conclude(trace.ending, suspicious, overdue, state.target.LogSize() != log_before, settle);
    state.target.CollectCoverage();
    return trace;
}

base::Status Executor::Restart()
{
    m_state->Forget();
    return m_state->target.Restart();
}

void Executor::SetQuiesce(bool quiesce) { m_state->quiesce = quiesce; }

void Executor::SetPatient(bool patient)
{
    m_state->deadlines.blocked = patient ? PATIENT_BLOCKED : Deadlines{}.blocked;
    m_state->patience = patient ? PATIENT_SETTLE : std::chrono::milliseconds{0};
}

} // namespace mpfuzz::execute
