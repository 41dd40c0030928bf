#include <mpfuzz/triage/minimize_finding.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/memo.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace mpfuzz::triage {
namespace {

using Clock = std::chrono::steady_clock;
using program::Program;

//! Number of replays before the minimisation: as many as for a new finding.
constexpr int REPLAYS{5};
//! Number of replays after the minimisation. It is larger, to detect a program that showed a flaky finding by chance.
constexpr int LAST_REPLAYS{20};
//! With the last replays, a minimisation takes at most its time limit times this factor.
constexpr int REPLAY_TIME{3};
//! Number of runs of a candidate, if the finding is flaky. A guess.
constexpr int FLAKY_TRIES{3};

//! How often to repeat the last call, if the finding is flaky. Guesses.
constexpr std::array<size_t, 2> LAST_CALL_REPEATS{4, 16};

//! A program that makes its last call `times` times. Returns nullopt if there is no call, or if the program would be
//! too long.
std::optional<Program> RepeatLastCall(Program program, size_t times)
{
    const auto last{std::ranges::find_if(program.steps.rbegin(), program.steps.rend(), [](const program::Step& step) {
        return std::holds_alternative<program::Call>(step);
    })};
    if (last == program.steps.rend() || program.steps.size() + times > program::MAX_STEPS) return std::nullopt;
    const program::Step call{*last};
    const auto position{static_cast<program::StepIndex>(program.steps.rend() - last)};
    for (size_t i{1}; i < times; ++i) program::InsertStep(program, position, call);
    return program;
}

class FindingMinimizer
{
public:
    FindingMinimizer(const schema::Schema& schema, const StoredFinding& finding, const TryRun& run,
                     const FindingOptions& options)
        : m_schema{schema}, m_finding{finding}, m_options{options},
          m_replayer{run, finding.record.identity, [this] { return IsLate(); }}, m_screener{options.screen,
                                                                                            finding.record.identity}
    {
    }

    base::Result<MinimizedFinding> MinimizeStored()
    {
        auto from{FindStart()};
        if (!from) return from.GetError();
        m_result.from = m_result.best = std::move(*from);
        const Verdict& verdict{m_result.from.verdict};
        m_result.runs = m_replayer.Runs() + m_screener.Runs();
        if (verdict.hits == 0) return std::move(m_result);

        m_always = IsAlways(verdict);
        m_tries = m_options.tries.value_or(m_always ? 1 : FLAKY_TRIES);
        m_use_memo = m_always && m_tries == 1;
        if (!Improve(m_result.best) && m_always && !HasFailed()) {
            // The finding is flaky after all, so the memo is not reliable. Continue with more runs of each candidate.
            m_use_memo = false;
            std::remove(MemoPath().c_str());
            m_confirmations = REPLAYS;
            Improve(m_result.best);
        }
        m_result.has_memo = m_use_memo;
        if (!IsAlways(m_result.best.verdict)) TryRepeatedCalls(m_result.best);
        m_result.runs = m_replayer.Runs() + m_screener.Runs();
        for (const auto& failure : {m_replayer.Failure(), m_screener.Failure(), m_disk_failure}) {
            if (failure) return *failure;
        }
        return std::move(m_result);
    }

private:
    base::Result<ProgramWithVerdict> FindStart()
    {
        std::vector<std::pair<std::string, const std::string*>> stored;
        if (m_finding.record.minimal) stored.push_back({"minimal.mpf", &*m_finding.record.minimal});
        stored.push_back({"program.mpf", &m_finding.record.program});
        ProgramWithVerdict shown;
        for (const auto& [file, text] : stored) {
            auto program{program::Parse(m_schema, *text)};
            if (!program) return base::Error{m_finding.directory + "/" + file + ":" + program.GetError().message};
            if (!m_options.replay_first) return ProgramWithVerdict{std::move(*program), m_finding.record.verdict};
            const Verdict verdict{Replay(*program, std::max(REPLAYS, m_options.tries.value_or(1)))};
            if (m_replayer.Failure()) return *m_replayer.Failure();
            shown = {std::move(*program), verdict};
            if (verdict.hits > 0) return shown;
            Note(file + " does not show the finding in " + std::to_string(verdict.tries) + " tries");
        }
        return shown;
    }

    Verdict Replay(const Program& program, int tries) { return m_replayer.Replay(program, tries); }

    //! True after an error of the target or of the disk. Nothing is run afterwards.
    bool HasFailed() const { return m_disk_failure || m_replayer.Failure() || m_screener.Failure(); }

    //! True if much more time than max_time has passed, for example because each run hangs for half a minute. Replays
    //! then end after one run.
    bool IsLate() const
    {
        const bool is_stopped{m_options.stop && m_options.stop()};
        return is_stopped || (m_options.max_time && Clock::now() - m_begin > REPLAY_TIME * *m_options.max_time);
    }

    bool StillFails(const Program& candidate)
    {
        if (m_always && m_options.screen) {
            return m_screener.Replay(candidate, 1).hits > 0 &&
                   Replay(candidate, m_confirmations).hits == m_confirmations;
        }
        for (int i{0}; i < m_tries && !HasFailed(); ++i) {
            if (Replay(candidate, 1).hits == 0) continue;
            // A program that always shows the finding must not be replaced by one that showed it by chance.
            return !m_always || Replay(candidate, m_confirmations).hits == m_confirmations;
        }
        return false;
    }

    //! Minimises `best`. @return False if the smallest program showed the finding by chance. `best` is then the
    //! smallest program that shows it as often as the original.
    bool Improve(ProgramWithVerdict& best)
    {
        const ProgramWithVerdict from{best};
        std::vector<Program> smaller;
        Minimize(from, smaller);
        size_t left{smaller.size()};
        for (size_t stride{1}; left > 0 && !HasFailed(); stride *= 2) {
            ProgramWithVerdict candidate{smaller[left - 1], Replay(smaller[left - 1], LAST_REPLAYS)};
            if (candidate.verdict.hits * from.verdict.tries >= from.verdict.hits * candidate.verdict.tries) {
                best = std::move(candidate);
                break;
            }
            Note(std::to_string(candidate.program.steps.size()) + " steps show the finding in only " +
                 std::to_string(candidate.verdict.hits) + " of " + std::to_string(candidate.verdict.tries) +
                 " tries: trying a larger program");
            left -= std::min(stride, left);
        }
        // If the target can no longer be started, the smallest program could not be replayed. Then keep what is stored.
        if (!HasFailed()) Store(best);
        return left == smaller.size();
    }

    //! For a flaky finding: repeats the last call, so that one run tries it several times. Keeps the new program only
    //! if it always shows the finding.
    void TryRepeatedCalls(ProgramWithVerdict& best)
    {
        for (const size_t calls : LAST_CALL_REPEATS) {
            auto program{RepeatLastCall(best.program, calls)};
            if (!program || HasFailed() || IsLate()) return;
            const Verdict verdict{Replay(*program, LAST_REPLAYS)};
            if (!IsAlways(verdict)) continue;
            Note("the program always shows the finding if its last call is made " + std::to_string(calls) + " times");
            best = {std::move(*program), verdict};
            return Store(best);
        }
    }

    void Minimize(const ProgramWithVerdict& from, std::vector<Program>& smaller)
    {
        std::optional<Memo> memo;
        if (m_use_memo) {
            auto opened{Memo::Open(MemoPath(),
                                   MemoSubject(m_schema.Hash(), m_finding.record.identity, m_options.extra_arguments))};
            if (!opened) {
                m_disk_failure = opened.GetError();
                return;
            }
            memo.emplace(std::move(*opened));
            m_result.known = memo->Count();
        }
        // The time limit or the user ends the minimisation, and not a number of runs.
        MinimizeLimits limits{.max_reruns = SIZE_MAX, .on_progress = m_options.on_progress};
        const auto spent{std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_begin)};
        if (m_options.max_time) limits.max_time = *m_options.max_time - spent;
        limits.stop = [this] { return HasFailed() || (m_options.stop && m_options.stop()); };
        limits.on_smaller = [&](const Program& program) {
            smaller.push_back(program);
            Store({program, from.verdict});
        };
        limits.known = memo ? &*memo : nullptr;
        const Minimized minimized{triage::Minimize(
            m_schema, from.program, [this](const Program& candidate) { return StillFails(candidate); }, limits)};
        m_result.candidates += minimized.reruns;
        m_result.complete = minimized.complete;
    }

    //! Stores a program, with its latest run if that is known.
    void Store(const ProgramWithVerdict& best)
    {
        ShownProgram shown{program::Print(m_schema, best.program), best.verdict};
        const auto& finding{m_replayer.Shown()};
        if (finding && finding->program == best.program) {
            shown.details = finding->details;
            shown.trace = trace::Print(m_schema, finding->program, finding->trace);
            shown.target_log = LogOf(finding->trace.ending);
        }
        const auto stored{SaveMinimal(m_finding.directory, shown)};
        if (!stored) m_disk_failure = stored.GetError();
    }

    void Note(const std::string& note) const
    {
        if (m_options.on_note) m_options.on_note(note);
    }

    std::string MemoPath() const { return m_finding.directory + "/minimize.state"; }

    const schema::Schema& m_schema;
    const StoredFinding& m_finding;
    const FindingOptions& m_options;
    Replayer m_replayer; //!< runs on fresh targets
    Replayer m_screener; //!< see FindingOptions::screen
    const Clock::time_point m_begin{Clock::now()};
    std::optional<base::Error> m_disk_failure;
    bool m_always{false}; //!< the stored program always shows the finding
    bool m_use_memo{false};
    int m_tries{1};         //!< number of runs of each candidate, of which at least one must show the finding
    int m_confirmations{1}; //!< if m_always: number of further runs, which all must show it
    MinimizedFinding m_result;
};

} // namespace

base::Result<MinimizedFinding> MinimizeFinding(const schema::Schema& schema, const StoredFinding& finding,
                                               const TryRun& run, const FindingOptions& options)
{
    return FindingMinimizer{schema, finding, run, options}.MinimizeStored();
}

} // namespace mpfuzz::triage
