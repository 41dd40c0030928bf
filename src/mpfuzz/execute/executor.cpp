#include <mpfuzz/execute/executor.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/execute/canary.h>
#include <mpfuzz/execute/connection.h>
#include <mpfuzz/execute/death.h>
#include <mpfuzz/execute/session.h>

#include <kj/async-unix.h>

#include <algorithm>

namespace mpfuzz::execute {
namespace {

// Where a target goes on answering, a broken connection was probably no sign of its death.
constexpr std::chrono::milliseconds ANSWERING_TIME{50};

// For threads, descriptors and memory to go that clients left behind, and how often to look meanwhile. Guesses,
// unmeasured.
constexpr std::chrono::milliseconds SETTLE_TIME{2'000};
constexpr std::chrono::milliseconds LOOK_AGAIN{20};

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

} // namespace

struct Executor::State {
    const schema::Schema& schema;
    Target& target;
    program::TargetRules rules;
    kj::AsyncIoContext io{kj::setupAsyncIo()};
    kj::Maybe<kj::Own<kj::UnixEventPort::FdObserver>> death_observer;
    kj::Maybe<kj::ForkedPromise<void>> death;
    kj::Maybe<kj::Own<Connection>> warm;
    kj::Maybe<kj::Own<Canary>> canary;
    std::optional<trace::Usage> baseline; //!< of the process as it was before its first program
    bool quiesce{false};
    //! After the last connection is closed, for a target that dies of that. Zero while fuzzing, where the next
    //! program's end notices.
    std::chrono::milliseconds patience{0};

    State(const schema::Schema& s, Target& t, program::TargetRules r) : schema{s}, target{t}, rules{std::move(r)} {}

    void Forget()
    {
        warm = nullptr;
        canary = nullptr;
        baseline.reset();
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
        // Twice, as with every deadline: see TargetRules::grace.
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
        if (settling) DiesWithin(target, settle);
        // While all is well the next program finds out, and no round trip is spent on it; but whoever counts edges
        // wants those of the program's end to be its own.
        const bool look{suspicious || settling || quiesce};
        ending.responsive = look ? Probe() : Warm();
        const auto dying_time{ending.responsive ? ANSWERING_TIME : DYING_TIME};
        if (suspicious || !ending.responsive) DiesWithin(target, log_grew ? REPORT_TIME : dying_time);
        if (const auto exit{target.Died()}) {
            NoteDeath(target, *exit, ending);
        } else if (overdue || !ending.responsive) {
            ending.alive = ending.responsive || target.DeathFd() >= 0;
            ending.log_tail = target.LogTail();
            ending.stacks = target.Stacks();
        } else if (look && ending.usage) {
            ending.usage->after = UsageAtRest(ending.usage->baseline);
        }
    }

    //! Make the second client that every program gets as company, and note what the process takes before its first.
    void Accompany()
    {
        if (canary == nullptr && rules.canary.count() > 0) {
            if (const auto fd{target.Connect()}) canary = kj::heap<Canary>(io, *fd);
        }
        if (!baseline) baseline = target.GetUsage();
    }

    //! What the process takes once its clients have gone; where that is much, it gets time to clean up.
    trace::Usage UsageAtRest(const trace::Usage& before)
    {
        const auto end{Deadline(SETTLE_TIME)};
        while (true) {
            const trace::Usage usage{target.GetUsage().value_or(before)};
            if (!trace::OvergrowthOf(usage, before, rules).Any() || kj::systemPreciseMonotonicClock().now() > end) {
                return usage;
            }
            io.provider->getTimer().atTime(Deadline(LOOK_AGAIN)).wait(io.waitScope);
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
    QuietCallback quiet; // KJ wants it on the stack.
    State& state{*m_state};
    if (auto started{state.target.Start()}; !started) return started.GetError();
    // The program before may have told it to end.
    if (state.target.Died()) {
        if (auto restarted{Restart()}; !restarted) return restarted.GetError();
    }
    state.WatchDeath();
    state.Accompany();
    state.target.ClearCoverage();
    const uint64_t log_before{state.target.LogSize()};

    trace::Trace trace;
    bool suspicious{false};
    std::optional<trace::UsageRecord> usage;
    {
        Session session{{.schema = state.schema,
                         .io = state.io,
                         .rules = state.rules,
                         .connect = [&] { return state.Connect(); },
                         .death = state.DeathPromise(),
                         .signal = [&](int signal) { return state.target.Signal(signal); },
                         .at_height =
                             [&] {
                                 KJ_IF_MAYBE (canary, state.canary) (*canary)->Ask();
                             },
                         .before_closing =
                             [&] {
                                 const auto peak{state.baseline ? state.target.GetUsage() : std::nullopt};
                                 if (peak) usage = {*state.baseline, *peak, *peak};
                             }},
                        program};
        trace = session.Run(await_each);
        suspicious = session.Suspicious() || session.Died();
    }
    const bool asked_to_shut_down{trace.ending.asked_to_shut_down};
    trace.ending.past_shutdown_deadline = asked_to_shut_down && !state.target.Died();
    trace.ending.usage = usage;
    const bool overdue{
        std::any_of(trace.outcomes.begin(), trace.outcomes.end(), [](const auto& o) { return o.awaited; })};
    if (!asked_to_shut_down) {
        KJ_IF_MAYBE (canary, state.canary)
            trace.ending.canary = (*canary)->Look(state.rules.canary, state.rules.grace, state.DeathPromise());
        // A target that is dying closes connections first.
        suspicious |= trace.ending.canary == trace::Canary::LOST;
    }
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

bool Executor::CanRestart() const { return m_state->target.CanRestart(); }

void Executor::SetQuiesce(bool quiesce) { m_state->quiesce = quiesce; }

void Executor::SetPatient(bool patient)
{
    m_state->rules.blocked = patient ? PATIENT_BLOCKED : program::TargetRules{}.blocked;
    m_state->patience = patient ? PATIENT_SETTLE : std::chrono::milliseconds{0};
}

} // namespace mpfuzz::execute
