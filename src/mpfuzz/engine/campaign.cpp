#include <mpfuzz/engine/campaign.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/engine/triage_worker.h>
#include <mpfuzz/engine/worker_pool.h>
#include <mpfuzz/triage/file_lock.h>

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// How often to report progress and to check whether the campaign has to end.
constexpr std::chrono::milliseconds PROGRESS_INTERVAL{200};

// How often the occurrences of findings are written to the disk.
constexpr std::chrono::seconds FLUSH_INTERVAL{1};

// A worker that has not ended this long after it was asked to is killed. The whole campaign has to end within two
// seconds after a signal.
constexpr std::chrono::milliseconds END_TIME{1'000};

// If more fuzzing workers than this die, the campaign ends with an error. Guess, unmeasured.
constexpr unsigned MAX_REPLACED{10};

// A finding is parked if this number of triage workers died while they investigated it.
constexpr unsigned MAX_LOST_WORKERS{3};

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

bool IsFinished(triage::Stage stage) { return stage == triage::Stage::DONE || stage == triage::Stage::PARKED; }

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
            RefreshFindings();
            Decide();
            Refresh();
            if (m_reporter.on_progress) m_reporter.on_progress(m_result.progress);
        } while (!m_pool.Empty());
        RefreshFindings();
        FlushOccurrences();
        Refresh();
        if (m_error) return *m_error;
        for (const uint64_t digest : m_order) {
            const Known& known{m_known.at(digest)};
            if (known.slot->occurrences > 0 || m_options.jobs == 0) m_result.findings.push_back({known.stored, known.slot->occurrences});
        }
        return std::move(m_result);
    }

private:
    //! A finding that is stored.
    struct Known {
        FindingSlot* slot;
        triage::StoredFinding stored;
        uint64_t version{0}; //!< of the slot when `stored` was read
        uint64_t flushed{0}; //!< number of occurrences in this campaign that are on the disk
        bool verdict_told{false};
    };

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
        for (const std::string& directory : triage::List(m_options.FindingsDirectory())) {
            auto stored{triage::LoadSummary(directory)};
            if (!stored) {
                Note(stored.GetError().message);
                continue;
            }
            const uint64_t digest{triage::DigestOf(stored->record.identity)};
            FindingSlot* const slot{m_memory.FindSlot(digest, stored->record.identity.kind)};
            if (!slot) continue;
            slot->version = 1;
            slot->wants_witness = stored->stage == triage::Stage::DONE && !triage::IsAlways(stored->record.verdict) &&
                                  stored->record.driver.empty();
            Add(digest, {.slot = slot, .stored = std::move(*stored), .version = 1});
        }
        return base::Ok();
    }

    void Add(uint64_t digest, Known known)
    {
        m_known.emplace(digest, std::move(known));
        m_order.push_back(digest);
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
            if (m_pool.CountFrom(m_options.jobs) >= std::min(wanted, std::max<size_t>(running, Waiting()))) return;
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
        if (message.front() == 'N') return Note(text);
        if (!m_error) m_error = base::Error{text};
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
        const auto known{m_known.find(m_memory.ActivityOf(end.worker).digest)};
        if (known == m_known.end()) return;
        bool parked{false};
        (void)triage::Update(known->second.stored.directory, [&](triage::StoredFinding& finding) {
            parked = ++finding.lost_workers >= MAX_LOST_WORKERS;
            if (parked) finding.stage = triage::Stage::PARKED;
        });
        ++known->second.slot->version;
        if (parked) {
            Note(known->second.stored.directory + ": " + std::to_string(MAX_LOST_WORKERS) +
                 " triage workers died while they investigated it, so mpfuzz does not go on with it");
        }
    }

    //! Read what workers have stored about findings.
    void RefreshFindings()
    {
        for (FindingSlot* const slot : m_memory.Slots()) {
            const uint64_t version{slot->version};
            auto known{m_known.find(slot->digest)};
            if (version == 0 || (known != m_known.end() && known->second.version == version)) continue;
            const std::string name{triage::DirectoryName(slot->kind, slot->digest)};
            auto stored{triage::LoadSummary(m_options.FindingsDirectory() + "/" + name)};
            if (!stored) {
                Note(stored.GetError().message);
                continue;
            }
            const bool is_new{known == m_known.end()};
            if (is_new) {
                // The first occurrence was stored with the finding.
                Add(slot->digest, {.slot = slot, .stored = *stored, .flushed = 1});
                known = m_known.find(slot->digest);
            }
            known->second.version = version;
            known->second.stored = std::move(*stored);
            if (is_new && m_reporter.on_found) m_reporter.on_found(known->second.stored);
            if (IsFinished(known->second.stored.stage) && !std::exchange(known->second.verdict_told, true) &&
                m_reporter.on_verdict)
                m_reporter.on_verdict(known->second.stored);
        }
        if (Clock::now() - m_flushed >= FLUSH_INTERVAL) FlushOccurrences();
    }

    void FlushOccurrences()
    {
        m_flushed = Clock::now();
        for (auto& entry : m_known) {
            Known& known{entry.second};
            const uint64_t occurrences{known.slot->occurrences};
            if (occurrences <= known.flushed) continue;
            const auto stored{triage::Update(known.stored.directory, [&](triage::StoredFinding& finding) {
                finding.occurrences += occurrences - known.flushed;
                finding.last_seen = triage::Timestamp();
                known.stored.occurrences = finding.occurrences;
            })};
            if (!stored) return Note(stored.GetError().message);
            known.flushed = occurrences;
        }
    }

    size_t Waiting() const
    {
        return static_cast<size_t>(
            std::ranges::count_if(m_known, [](const auto& known) { return !IsFinished(known.second.stored.stage); }));
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
            const auto known{m_known.find(activity.digest)};
            if (known == m_known.end()) continue;
            progress.investigating.push_back(
                {known->second.stored.record.identity, activity.stage,
                 Clock::now().time_since_epoch() - std::chrono::nanoseconds{activity.since_ns}});
        }
        progress.edges = m_memory.FeaturesSeen().Edges();
        progress.features = m_memory.FeaturesSeen().Features();
        progress.findings = m_memory.Findings();
        progress.elapsed = Elapsed();
        progress.fuzzing = m_fuzzing_ended ? *m_fuzzing_ended - m_begin : Elapsed();
        progress.fuzzing_ended = m_fuzzing_ended.has_value();
        progress.waiting = Waiting();
    }

    const CampaignWork& m_work;
    const CampaignOptions& m_options;
    const CampaignReporter& m_reporter;
    const Clock::time_point m_begin{Clock::now()};
    unsigned m_processes; //!< maximum number of worker processes
    CampaignMemory m_memory;
    WorkerPool m_pool;
    std::optional<triage::FileLock> m_lock;
    std::map<uint64_t, Known> m_known; //!< by digest
    std::vector<uint64_t> m_order;     //!< digests, in the order in which the findings appeared
    Clock::time_point m_flushed{m_begin};
    Statistics m_done; //!< of workers that have ended, like the next two
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
