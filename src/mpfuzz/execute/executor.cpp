// This file is long because running a program and finding out how the target is afterwards share their state.
#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/execute/connection.h>
#include <mpfuzz/execute/session.h>
#include <mpfuzz/stream/unix_socket.h>

#include <kj/async-unix.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::execute {
namespace {

// If a connection broke but the target still answers, the target is probably not dying. Then wait only this long for
// its end.
constexpr std::chrono::milliseconds ANSWERING_TIME{50};

// Guess, unmeasured: a server that mpfuzz did not start has gone away if nobody listens on its socket for this long.
constexpr std::chrono::milliseconds GONE_TIME{500};

// Guesses, unmeasured: how long the target may take to free the threads, descriptors and memory of clients that have
// disconnected, and how often we measure its usage in this time.
constexpr std::chrono::milliseconds SETTLE_TIME{2'000};
constexpr std::chrono::milliseconds USAGE_INTERVAL{20}; // also between two looks at a socket

// How often the size of the logs is checked. A target writes less than a gigabyte in this time.
constexpr std::chrono::milliseconds LOG_INTERVAL{100};

// Longer than a worker thread of the target needs to notice that its client has disconnected, and to crash if there is
// a bug in that code.
constexpr std::chrono::milliseconds PATIENT_SETTLE{200};
// Time for the next answer while a call that may block is outstanding, on a loaded machine.
constexpr std::chrono::milliseconds PATIENT_BLOCKED{100};

//! Drops KJ's log messages about mistakes of the peer, which are expected while fuzzing.
class QuietCallback final : public kj::ExceptionCallback
{
public:
    void logMessage(kj::LogSeverity, const char*, int, int, kj::String&&) override {}
    //! The stacks of expected exceptions are not used, and collecting them would take a tenth of the time.
    StackTraceMode stackTraceMode() override { return StackTraceMode::NONE; }
};

//! True if the target has to clean up after the program. A bug in that code may kill the target later.
bool NeedsCleanup(const program::Program& program, const trace::Trace& trace)
{
    for (size_t i{0}; i < program.steps.size(); ++i) {
        const trace::Status status{trace.outcomes[i].status};
        if (status == trace::Status::UNANSWERED || status == trace::Status::CANCELLED) return true;
        if (std::holds_alternative<program::Disconnect>(program.steps[i])) return true;
    }
    return false;
}

} // namespace

struct Executor::State {
    const schema::Schema& schema;
    Target& target;
    program::TargetRules rules;
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    kj::Maybe<kj::Own<kj::UnixEventPort::FdObserver>> death_observer;
    kj::Maybe<kj::ForkedPromise<void>> death;
    kj::Maybe<kj::Own<Connection>> next_connection;
    kj::Maybe<kj::Own<Canary>> canary;
    std::optional<trace::Usage> baseline; //!< of the process before its first program
    uint64_t sanitizer_kib{0};            //!< of the process, see UsageRecord
    bool quiesce{false};
    bool asked_for_main{false}; //!< AwaitMain was called
    //! The limit for a program. Until a process of the target has replied to a call, the limit is lower.
    std::optional<std::chrono::milliseconds> full_time;
    //! How long to wait for the target's death after the last connection is closed. Zero while fuzzing: then the death
    //! is noticed at the end of the next program.
    std::chrono::milliseconds patience{0};
    kj::Promise<void> limiting_logs;

    State(const schema::Schema& s, Target& t, program::TargetRules r)
        : schema{s}, target{t}, rules{std::move(r)}, limiting_logs{LimitLogs().eagerlyEvaluate(nullptr)}
    {
        full_time = std::exchange(rules.program, std::min(rules.program, rules.bootstrap));
    }

    kj::Promise<void> LimitLogs()
    {
        return io.provider->getTimer().atTime(Deadline(LOG_INTERVAL)).then([this] {
            target.LimitLogs();
            return LimitLogs();
        });
    }

    TargetProcess* Process() { return target.GetProcess(); }
    uint64_t LogSize() { return Process() ? Process()->LogSize() : 0; }
    std::optional<Exit> Died() { return Process() ? Process()->Died() : std::nullopt; }
    std::optional<trace::Usage> GetUsage() { return Process() ? Process()->GetUsage() : std::nullopt; }

    //! Drop everything that belongs to the current process.
    void Forget()
    {
        next_connection = nullptr;
        canary = nullptr;
        baseline.reset();
        death = nullptr;
        death_observer = nullptr;
    }

    //! Start to watch a new process. Does nothing if mpfuzz did not start the target.
    void WatchDeath()
    {
        if (death != nullptr || !Process()) return;
        using Observer = kj::UnixEventPort::FdObserver;
        auto observer{kj::heap<Observer>(io.unixEventPort, Process()->DeathFd(), Observer::OBSERVE_READ)};
        death = observer->whenBecomesReadable().fork();
        death_observer = kj::mv(observer);
    }

    kj::Promise<void> DeathPromise()
    {
        KJ_IF_MAYBE (promise, death) return promise->addBranch();
        return kj::NEVER_DONE;
    }

    //! Wait until the process has ended, but not longer than this. Returns at once if mpfuzz did not start it.
    void AwaitDeath(std::chrono::milliseconds time)
    {
        if (!Process()) return;
        DeathPromise().exclusiveJoin(io.provider->getTimer().atTime(Deadline(time))).wait(io.waitScope);
    }

    base::Result<kj::Own<Connection>> Connect()
    {
        KJ_IF_MAYBE (connection, next_connection) {
            auto own{kj::mv(*connection)};
            next_connection = nullptr;
            return own;
        }
        const auto fd{target.Connect()};
        if (!fd) return fd.GetError();
        return kj::heap<Connection>(io, *fd);
    }

    //! Open the next program's connection and ask for its main interface. Returns false if the target does not listen.
    bool OpenNext()
    {
        auto connection{Connect()};
        if (!connection) return false;
        next_connection = kj::mv(*connection);
        io.waitScope.poll();
        return true;
    }

    //! Like OpenNext, but also wait for the answer. Returns false if it does not come in time. If the target closes the
    //! connection, records that in `ending`.
    bool Probe(trace::Ending& ending)
    {
        auto connection{Connect()};
        if (!connection) return false;
        bool responsive{false};
        auto& timer{io.provider->getTimer()};
        // Two waits, as for every deadline: see TargetRules::grace.
        KJ_IF_MAYBE (exception, kj::runCatchingExceptions([&] {
                         auto answer{(*connection)->Main().whenResolved().then([&] { responsive = true; }).fork()};
                         for (const auto deadline : {rules.bootstrap, rules.grace}) {
                             if (responsive) break;
                             answer.addBranch()
                                 .exclusiveJoin(timer.atTime(Deadline(deadline)))
                                 .exclusiveJoin(DeathPromise())
                                 .wait(io.waitScope);
                         }
                     })) {
            io.waitScope.poll(); // The connection's end may be noticed after that of its calls.
            if ((*connection)->Broken()) ending.closed.push_back({{}, exception->getDescription().cStr()});
            return false;
        }
        if (responsive) next_connection = kj::mv(*connection);
        return responsive;
    }

    //! Fill in the target's state after the program.
    //!
    //! @param suspicious  A connection broke, or an answer is missing.
    //! @param overdue     An answer that was due is missing.
    //! @param log_grew    The target has written to its log during the program.
    //! @param settle      How long the end of the program may take to kill the target.
    void Conclude(trace::Ending& ending, bool suspicious, bool overdue, bool log_grew, std::chrono::milliseconds settle)
    {
        const bool settling{settle.count() > 0};
        if (settling) AwaitDeath(settle);
        // If nothing is suspicious, do not wait: the next program shows whether the target answers. With coverage we
        // wait, so that edges that the target reaches at the end of this program are not counted for the next one.
        const bool wait{suspicious || settling || quiesce};
        ending.responsive = wait ? Probe(ending) : OpenNext();
        ending.main_interface_seen |= wait && ending.responsive;
        const auto dying_time{ending.responsive ? ANSWERING_TIME : DYING_TIME};
        if (suspicious || !ending.responsive) AwaitDeath(log_grew ? REPORT_TIME : dying_time);
        if (Died() || overdue || !ending.responsive) {
            RecordFailure(ending);
        } else if (ending.usage && (wait || ExceedsAtPeak(*ending.usage))) {
            ending.usage->after = UsageAtRest(*ending.usage);
        }
    }

    //! Record that the target died or hangs, and what shows the reason.
    void RecordFailure(trace::Ending& ending)
    {
        if (const auto exit{Died()}) return RecordDeath(*Process(), *exit, ending);
        ending.alive = ending.responsive || Process() || Listens();
        if (!Process()) return;
        ending.log_tail = Process()->LogTail();
        ending.stacks = Process()->Stacks();
    }

    //! Wait for the main interface before the first program. Then a target that never gives it is noticed at once.
    //! Returns false if it does not come, and fills in the target's state.
    bool AwaitMain(trace::Ending& ending)
    {
        if (std::exchange(asked_for_main, true)) return true;
        ending.main_interface_seen = ending.responsive = Probe(ending);
        if (ending.responsive) return true;
        // A target that dies closes its connections first.
        if (!ending.closed.empty()) AwaitDeath(DYING_TIME);
        RecordFailure(ending);
        return false;
    }

    //! True if a server listens on the target's socket. If not, looks again for a short time.
    bool Listens()
    {
        const auto end{Deadline(GONE_TIME)};
        while (!stream::IsListening(target.SocketPath())) {
            if (kj::systemPreciseMonotonicClock().now() > end) return false;
            io.provider->getTimer().atTime(Deadline(USAGE_INTERVAL)).wait(io.waitScope);
        }
        return true;
    }

    //! Connect the canary if there is none, and record the process's usage before its first program.
    void ConnectCanary()
    {
        if (canary == nullptr && rules.canary.count() > 0) {
            if (const auto fd{target.Connect()}) canary = kj::heap<Canary>(io, *fd);
        }
        if (baseline || !Process()) return;
        baseline = Process()->GetUsage();
        sanitizer_kib = Process()->SanitizerKib();
    }

    //! True if what the process used during the program would be too much afterwards.
    bool ExceedsAtPeak(trace::UsageRecord record) const
    {
        record.after = record.peak;
        return trace::OvergrowthOf(record, rules).Any();
    }

    //! The process's usage after its clients have disconnected. If it has grown too much, gives the process time to
    //! clean up.
    trace::Usage UsageAtRest(trace::UsageRecord record)
    {
        const auto end{Deadline(SETTLE_TIME)};
        while (true) {
            record.after = GetUsage().value_or(record.baseline);
            const bool settled{!trace::OvergrowthOf(record, rules).Any()};
            if (settled || kj::systemPreciseMonotonicClock().now() > end) return *record.after;
            io.provider->getTimer().atTime(Deadline(USAGE_INTERVAL)).wait(io.waitScope);
        }
    }
};

Executor::Executor(const schema::Schema& schema, Target& target, program::TargetRules rules)
    : m_state{std::make_unique<State>(schema, target, std::move(rules))}
{
}

Executor::~Executor() = default;

base::Status Executor::Supports(const program::Program& program) const
{
    const auto& allowed{m_state->rules.signals};
    for (size_t i{0}; i < program.steps.size(); ++i) {
        const auto* signal{std::get_if<program::Signal>(&program.steps[i])};
        if (!signal || std::ranges::count(allowed, signal->kind) > 0) continue;
        return base::Error{"step " + std::to_string(i) +
                           ": target.toml does not allow this signal (see `signals` in [rules])"};
    }
    return base::Ok();
}

base::Result<trace::Trace> Executor::Run(const program::Program& program, bool await_each)
{
    CHECK(Supports(program));
    QuietCallback quiet; // KJ requires it to be on the stack.
    State& state{*m_state};
    if (auto started{state.target.Start()}; !started) return started.GetError();
    // The program before may have asked the target to shut down.
    if (state.Died()) {
        if (auto restarted{Restart()}; !restarted) return restarted.GetError();
    }
    state.WatchDeath();
    trace::Trace trace;
    trace.outcomes.resize(program.steps.size());
    state.ConnectCanary();
    if (!state.AwaitMain(trace.ending)) return trace;
    TargetCoverage* const coverage{state.target.GetCoverage()};
    if (coverage) coverage->ClearCoverage();
    const uint64_t log_before{state.LogSize()};

    bool suspicious{false};
    bool canary_asked{false};
    std::optional<trace::UsageRecord> usage;
    {
        Session session{{.schema = state.schema,
                         .io = state.io,
                         .rules = state.rules,
                         .connect = [&] { return state.Connect(); },
                         .death = state.DeathPromise(),
                         .signal = [&](int signal) { return state.Process() && state.Process()->Signal(signal); },
                         .on_all_steps_executed =
                             [&] {
                                 KJ_IF_MAYBE (canary, state.canary) {
                                     (*canary)->Ask();
                                     canary_asked = true;
                                 }
                             },
                         .before_closing =
                             [&] {
                                 const auto peak{state.baseline ? state.GetUsage() : std::nullopt};
                                 if (peak) usage = {*state.baseline, *peak, {}, state.sanitizer_kib};
                             }},
                        program};
        trace = session.ExecuteProgram(await_each);
        suspicious = session.Suspicious() || session.Died();
    }
    const bool asked_to_shut_down{trace.ending.asked_to_shut_down};
    trace.ending.past_shutdown_deadline = asked_to_shut_down && !state.Died();
    trace.ending.usage = usage;
    if (state.full_time && trace::HasReply(program, trace)) state.rules.program = *std::exchange(state.full_time, {});
    const bool overdue{
        std::any_of(trace.outcomes.begin(), trace.outcomes.end(), [](const auto& o) { return o.awaited; })};
    if (!asked_to_shut_down) {
        KJ_IF_MAYBE (canary, state.canary)
            trace.ending.canary = (*canary)->Check(state.rules.canary, state.rules.grace, state.DeathPromise());
        trace.ending.main_interface_seen |= canary_asked && trace.ending.canary == trace::Canary::WELL;
        // A dying target closes its connections before its process ends.
        suspicious |= trace.ending.canary == trace::Canary::LOST;
    }
    const auto settle{NeedsCleanup(program, trace) ? state.patience : state.patience / 10};
    state.Conclude(trace.ending, suspicious, overdue, state.LogSize() != log_before, settle);
    if (coverage) coverage->CollectCoverage();
    return trace;
}

base::Status Executor::Restart()
{
    m_state->Forget();
    return m_state->target.Restart();
}

bool Executor::CanRestart() const { return m_state->target.CanRestart(); }

unsigned Executor::SetSpares(unsigned count) { return m_state->target.SetSpares(count); }

void Executor::SetSymbolize(bool symbolize) { m_state->target.SetSymbolize(symbolize); }

std::chrono::nanoseconds Executor::StartTime() const { return m_state->target.StartTime(); }

void Executor::SetQuiesce(bool quiesce) { m_state->quiesce = quiesce; }

void Executor::SetPatient(bool patient)
{
    m_state->rules.blocked = patient ? PATIENT_BLOCKED : program::TargetRules{}.blocked;
    m_state->patience = patient ? PATIENT_SETTLE : std::chrono::milliseconds{0};
}

} // namespace mpfuzz::execute
