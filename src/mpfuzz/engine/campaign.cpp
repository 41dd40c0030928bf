#include <mpfuzz/engine/campaign.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/engine/finding_table.h>
#include <mpfuzz/engine/triage_worker.h>
#include <mpfuzz/engine/worker_pool.h>
#include <mpfuzz/triage/file_lock.h>

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// How often to report progress and to check whether the campaign has to end.
constexpr std::chrono::milliseconds PROGRESS_INTERVAL{200};

// A worker that has not ended this long after it was asked to is killed. The whole campaign has to end within two
// seconds after a signal.
constexpr std::chrono::milliseconds END_TIME{1'000};

// If more fuzzing workers than this die, the campaign ends with an error. Guess, unmeasured.
constexpr unsigned MAX_REPLACED{10};

mutate::MutatorStatistics Sum(mutate::MutatorStatistics sum, const mutate::MutatorStatistics& more)
{
    sum.counts.resize(std::max(sum.counts.size(), more.counts.size()));
    for (size_t i{0}; i < more.counts.size(); ++i) {
        sum.counts[i].tried += more.counts[i].tried;
        sum.counts[i].applied += more.counts[i].applied;
        sum.counts[i].productive += more.counts[i].productive;
        sum.counts[i].recent_applied += more.counts[i].recent_applied;
        sum.counts[i].recent_productive += more.counts[i].recent_productive;
    }
    return sum;
}

//! The function, or one that does nothing if it is empty.
std::function<void(const triage::StoredFinding&)> OrNothing(std::function<void(const triage::StoredFinding&)> function)
{
    return function ? std::move(function) : [](const triage::StoredFinding&) {};
}

class Campaign
{
public:
    Campaign(const CampaignWork& work, const CampaignOptions& options, const CampaignReporter& reporter)
        : m_work{work}, m_options{options}, m_reporter{reporter},
          m_processes{options.jobs + std::max(TriageJobsWhileFuzzing(options), options.triage_jobs)},
          m_memory{work.schema, m_processes}, m_pool{[this](unsigned worker, int pipe) { RunWorker(worker, pipe); },
                                                     options.LogsDirectory()}
    {
    }

    base::Result<CampaignResult> Run()
    {
        if (auto prepared{Prepare()}; !prepared) return prepared.GetError();
        for (unsigned worker{0}; worker < m_options.jobs; ++worker) m_pool.Start(worker);
        if (m_options.jobs == 0) EndFuzzing();
        do {
            m_pool.Wait(
                PROGRESS_INTERVAL, [this](unsigned, std::string_view message) { OnMessage(message); },
                [this](const WorkerEnd& end) { OnEnd(end); });
            m_findings->Refresh();
            Decide();
            Refresh();
            if (m_reporter.on_progress) m_reporter.on_progress(m_result.progress);
        } while (!m_pool.Empty());
        m_findings->Refresh();
        m_findings->Flush();
        Refresh();
        if (m_error) return *m_error;
        for (const FindingTable::Entry* const entry : m_findings->Entries()) {
            const uint64_t occurrences{entry->slot->occurrences};
            if (occurrences > 0 || m_options.jobs == 0) m_result.findings.push_back({entry->stored, occurrences});
        }
        return std::move(m_result);
    }

private:
    base::Status Prepare()
    {
        for (const std::string& directory : {m_options.LogsDirectory(), m_options.FindingsDirectory()}) {
            std::error_code error;
            std::filesystem::create_directories(directory, error);
            if (error) return base::Error{directory + ": cannot be created: " + error.message()};
        }
        auto lock{triage::FileLock::TryTake(m_options.out + "/lock")};
        if (!lock) return lock.GetError();
        if (!*lock) {
            return base::Error{"another mpfuzz is using the directory " + m_options.out +
                               ": wait until it has ended, or use another --out"};
        }
        m_lock.emplace(std::move(**lock));
        m_findings.emplace(m_memory, m_options.FindingsDirectory(),
                           FindingTable::Callbacks{.on_found = OrNothing(m_reporter.on_found),
                                                   .on_verdict = OrNothing(m_reporter.on_verdict),
                                                   .on_problem = [this](const std::string& text) { Note(text); }});
        return base::Ok();
    }

    [[noreturn]] void RunWorker(unsigned worker, int pipe)
    {
        // A different seed for each worker, and for each worker that replaces another.
        const uint64_t seed{m_options.seed + worker + uint64_t{m_options.jobs} * m_replaced};
        WorkerContext context{m_work.schema, m_options, m_memory, worker, seed, pipe};
        if (worker < m_options.jobs) {
            m_work.fuzz(context);
        } else {
            auto runner{m_work.make_triage_runner()};
            context.SetClose([&] { runner.reset(); });
            RunTriage(context, m_work.schema, *runner);
        }
        CHECK(false, "a worker returned");
        std::abort();
    }

    int Signals() const { return m_options.signals ? m_options.signals->load() : 0; }
    bool IsFuzzing(unsigned worker) const { return worker < m_options.jobs; }
    Clock::duration Elapsed() const { return Clock::now() - m_begin; }

    //! End what has to end, and start what has to start.
    void Decide()
    {
        if (Signals() > 0) m_result.interrupted = true;
        if (m_error || m_result.interrupted) StopAll();
        if (!m_fuzzing_ended && IsFuzzingOver()) EndFuzzing();
        if (m_fuzzing_ended && m_options.triage_time && Clock::now() - *m_fuzzing_ended >= *m_options.triage_time)
            StopAll();
        const bool is_late{m_stopped && Clock::now() - *m_stopped >= END_TIME};
        if (is_late || Signals() > 1) m_pool.Signal(SIGKILL);
        if (m_fuzzing_ended && Clock::now() - *m_fuzzing_ended >= END_TIME) {
            for (unsigned worker{0}; worker < m_options.jobs; ++worker) m_pool.Signal(worker, SIGKILL);
        }
        StartTriage();
    }

    bool IsFuzzingOver() const
    {
        if (m_options.time && Elapsed() >= *m_options.time) return true;
        if (m_options.max_findings && m_memory.Findings() >= *m_options.max_findings) return true;
        for (unsigned worker{0}; worker < m_options.jobs; ++worker) {
            if (m_pool.Contains(worker)) return false;
        }
        return true;
    }

    void EndFuzzing()
    {
        m_fuzzing_ended = Clock::now();
        m_memory.FuzzingEnded() = true;
        for (unsigned worker{0}; worker < m_options.jobs; ++worker) m_pool.Signal(worker, SIGTERM);
        m_triage_starts_left = m_options.triage_jobs;
    }

    void StopAll()
    {
        if (m_stopped) return;
        if (!m_fuzzing_ended) EndFuzzing();
        m_stopped = Clock::now();
        m_pool.Signal(SIGTERM);
    }

    void StartTriage()
    {
        if (m_stopped) return;
        const size_t running{m_pool.CountFrom(m_options.jobs)};
        const size_t wanted{m_fuzzing_ended ? m_options.triage_jobs : TriageJobsWhileFuzzing(m_options)};
        for (unsigned worker{m_options.jobs}; worker < m_processes; ++worker) {
            if (m_pool.CountFrom(m_options.jobs) >= std::min(wanted, std::max(running, m_findings->Waiting()))) return;
            if (m_pool.Contains(worker)) continue;
            // After fuzzing, a worker that has ended has found nothing more to do.
            if (m_fuzzing_ended && m_triage_starts_left-- == 0) {
                m_triage_starts_left = 0;
                return;
            }
            m_pool.Start(worker);
        }
    }

    void Note(const std::string& text)
    {
        // Several workers may say the same.
        if (m_notes.insert(text).second && m_reporter.on_note) m_reporter.on_note(text);
    }

    void OnMessage(std::string_view message)
    {
        const std::string text{message.substr(1)};
        if (message.front() != 'E') Note(text);
        if (message.front() == 'S') StopAll();
        if (message.front() == 'E' && !m_error) m_error = base::Error{text};
    }

    void OnEnd(const WorkerEnd& end)
    {
        const bool in_order{end.status == WORKER_DONE || end.status == WORKER_ERROR};
        if (!in_order && !m_stopped && !(IsFuzzing(end.worker) && m_fuzzing_ended)) OnDeath(end);
        m_done.Add(m_memory.ReadStatistics(end.worker));
        m_done_mutators = Sum(std::move(m_done_mutators), m_memory.ReadMutators(end.worker));
        m_done_triage += std::chrono::nanoseconds{m_memory.ActivityOf(end.worker).busy_ns};
        m_memory.Clear(end.worker);
        if (in_order || m_stopped || m_error) return;
        if (!IsFuzzing(end.worker)) {
            ++m_triage_starts_left;
        } else if (!m_fuzzing_ended) {
            m_pool.Start(end.worker);
        }
    }

    void OnDeath(const WorkerEnd& end)
    {
        const std::string how{end.signal ? "signal " + std::to_string(end.signal)
                                         : "exit status " + std::to_string(end.status)};
        const std::string log_tail{m_pool.LogTail(end.worker)};
        if (end.status == base::EXIT_OWN_BUG) ++m_result.own_bugs;
        if (m_reporter.on_note) {
            m_reporter.on_note("worker " + std::to_string(end.worker) + " died (" + how + ")" +
                               (log_tail.empty() ? "" : ":\n" + log_tail));
        }
        if (IsFuzzing(end.worker)) {
            if (++m_replaced > MAX_REPLACED)
                m_error = base::Error{"too many workers of mpfuzz died; see the logs in " + m_options.LogsDirectory()};
            return;
        }
        const uint64_t digest{m_memory.ActivityOf(end.worker).digest};
        if (!m_findings->CountLostWorker(digest)) return;
        Note(m_findings->Find(digest)->stored.directory +
             ": several triage workers died while they investigated it, so mpfuzz does not go on with it");
    }

    void Refresh()
    {
        Progress& progress{m_result.progress};
        progress.statistics = m_done;
        progress.mutators = m_done_mutators;
        progress.in_triage = m_done_triage;
        progress.investigating.clear();
        for (unsigned worker{0}; worker < m_processes; ++worker) {
            progress.statistics.Add(m_memory.ReadStatistics(worker));
            progress.mutators = Sum(std::move(progress.mutators), m_memory.ReadMutators(worker));
            const Activity& activity{m_memory.ActivityOf(worker)};
            progress.in_triage += std::chrono::nanoseconds{activity.busy_ns};
            const FindingTable::Entry* const entry{m_findings->Find(activity.digest)};
            if (!entry) continue;
            progress.investigating.push_back(
                {entry->stored.record.identity, activity.stage,
                 Clock::now().time_since_epoch() - std::chrono::nanoseconds{activity.since_ns}});
        }
        progress.edges = m_memory.FeaturesSeen().Edges();
        progress.features = m_memory.FeaturesSeen().Features();
        progress.findings = m_memory.Findings();
        progress.elapsed = Elapsed();
        progress.fuzzing = m_fuzzing_ended ? *m_fuzzing_ended - m_begin : Elapsed();
        progress.fuzzing_ended = m_fuzzing_ended.has_value();
        progress.waiting = m_findings->Waiting();
    }

    const CampaignWork& m_work;
    const CampaignOptions& m_options;
    const CampaignReporter& m_reporter;
    const Clock::time_point m_begin{Clock::now()};
    unsigned m_processes; //!< maximum number of worker processes
    CampaignMemory m_memory;
    WorkerPool m_pool;
    std::optional<triage::FileLock> m_lock;
    std::optional<FindingTable> m_findings; //!< set by Prepare
    Statistics m_done;                      //!< of workers that have ended, like the next two
    mutate::MutatorStatistics m_done_mutators;
    std::chrono::nanoseconds m_done_triage{0};
    std::set<std::string> m_notes;
    unsigned m_replaced{0};
    unsigned m_triage_starts_left{0}; //!< number of triage workers that may still be started after fuzzing
    std::optional<Clock::time_point> m_fuzzing_ended;
    std::optional<Clock::time_point> m_stopped; //!< when all workers were asked to end
    std::optional<base::Error> m_error;
    CampaignResult m_result;
};

} // namespace

base::Result<CampaignResult> RunCampaign(const CampaignWork& work, const CampaignOptions& options,
                                         const CampaignReporter& reporter)
{
    return Campaign{work, options, reporter}.Run();
}

} // namespace mpfuzz::engine
