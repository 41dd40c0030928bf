#include <mpfuzz/engine/campaign.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/engine/counters.h>
#include <mpfuzz/engine/libfuzzer.h>
#include <mpfuzz/engine/report.h>
#include <mpfuzz/engine/worker.h>
#include <mpfuzz/engine/worker_pool.h>

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// How often to report progress and to check whether the campaign has to end.
constexpr std::chrono::milliseconds PROGRESS_INTERVAL{200};

// If more workers than this die, the campaign ends with an error. Guess, unmeasured.
constexpr unsigned MAX_REPLACED{10};

class Campaign
{
public:
    Campaign(const Subject& subject, const CampaignOptions& options, const CampaignReporter& reporter)
        : m_options(options), m_reporter(reporter),
          m_context({subject, m_options, Clock::now(), m_shared, m_features_seen}),
          m_pool([this](unsigned worker, int pipe) { RunWorker(m_context, SeedOf(worker), pipe); }, m_options.logs)
    {
        if (m_options.guidance != Guidance::NONE && !HaveLibFuzzer()) {
            m_options.guidance = Guidance::NONE;
            Note("this build of mpfuzz has no libFuzzer (it comes with clang): programs are generated at random and "
                 "without guidance");
        }
        m_last.resize(m_options.jobs);
    }

    base::Result<CampaignResult> Run()
    {
        for (const std::string& directory : {m_options.corpus, m_options.logs}) {
            std::error_code error;
            std::filesystem::create_directories(directory, error);
            if (error) return base::Error{directory + ": cannot be created: " + error.message()};
        }
        for (unsigned worker{0}; worker < m_options.jobs; ++worker) m_pool.Start(worker);
        while (!m_pool.Empty()) {
            m_pool.Wait(
                PROGRESS_INTERVAL, [this](unsigned worker, std::string_view line) { OnReport(worker, Decode(line)); },
                [this](const WorkerEnd& end) { OnEnd(end); });
            if (Stopping()) StopWorkers();
            Refresh();
            if (m_reporter.on_progress) m_reporter.on_progress(m_result.progress);
        }
        Refresh();
        if (m_error) return *m_error;
        return std::move(m_result);
    }

private:
    //! A different seed for each worker, and for each worker that replaces another.
    uint64_t SeedOf(unsigned worker) { return m_options.seed + worker + uint64_t{m_options.jobs} * m_replaced; }

    bool Stopping() const { return m_error || (m_options.keeping.stop && m_options.keeping.stop->load()); }

    //! Each worker ends after the program that it is running.
    void StopWorkers()
    {
        if (!std::exchange(m_stopping, true)) m_pool.Signal(SIGTERM);
    }

    void Note(const std::string& text)
    {
        if (m_reporter.on_note) m_reporter.on_note(text);
    }

    void OnReport(unsigned worker, Report report)
    {
        switch (report.kind) {
        case Report::Kind::PROGRESS: m_last[worker] = std::move(report); break;
        case Report::Kind::FINDING: OnFinding(report.finding); break;
        case Report::Kind::NOTE:
            // Each worker sends a note about the target. Print it only once.
            if (m_notes.insert({report.text, worker}).second) Note(report.text);
            break;
        case Report::Kind::ERROR:
            if (!m_error) m_error = base::Error{report.text};
            break;
        }
    }

    void OnFinding(const FindingReport& finding)
    {
        auto& findings{m_result.findings};
        const auto known{std::ranges::find(findings, finding.identity, &FindingReport::identity)};
        const bool investigated{finding.verdict.tries > 0};
        if (known == findings.end()) {
            findings.push_back(finding);
        } else {
            const uint64_t occurrences{std::max(known->occurrences, finding.occurrences)};
            const bool first_verdict{investigated && known->verdict.tries == 0};
            if (investigated) *known = finding;
            known->occurrences = occurrences;
            if (!first_verdict) return;
        }
        if (investigated && m_reporter.on_finding) m_reporter.on_finding(finding);
    }

    void OnEnd(const WorkerEnd& end)
    {
        m_done.Add(m_last[end.worker].statistics);
        m_done_mutators = Sum(std::move(m_done_mutators), m_last[end.worker].mutators);
        m_last[end.worker] = {};
        if (end.status == WORKER_DONE || end.status == WORKER_ERROR) return;
        const std::string how{end.signal ? "signal " + std::to_string(end.signal)
                                         : "exit status " + std::to_string(end.status)};
        const std::string log_tail{m_pool.LogTail(end.worker)};
        if (end.status == base::EXIT_OWN_BUG) ++m_result.own_bugs;
        Note("worker " + std::to_string(end.worker) + " died (" + how + ")" +
             (log_tail.empty() ? "" : ":\n" + log_tail));
        if (Stopping()) return;
        if (++m_replaced > MAX_REPLACED) {
            m_error = base::Error{"too many workers of mpfuzz died; see the logs in " + m_options.logs};
            return;
        }
        m_pool.Start(end.worker);
    }

    static mutate::MutatorStatistics Sum(mutate::MutatorStatistics sum, const mutate::MutatorStatistics& more)
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

    void Refresh()
    {
        Progress& progress{m_result.progress};
        progress.statistics = m_done;
        progress.mutators = m_done_mutators;
        for (const Report& report : m_last) {
            progress.statistics.Add(report.statistics);
            progress.mutators = Sum(std::move(progress.mutators), report.mutators);
        }
        progress.edges = m_features_seen.Edges();
        progress.features = m_features_seen.Features();
        progress.findings = m_result.findings.size();
        progress.elapsed = Clock::now() - m_context.start;
    }

    CampaignOptions m_options;
    const CampaignReporter& m_reporter;
    SharedState m_shared;
    FeatureSet m_features_seen;
    WorkerContext m_context;
    WorkerPool m_pool;
    std::vector<Report> m_last; //!< by worker: its latest progress
    Statistics m_done;          //!< of workers that have ended
    mutate::MutatorStatistics m_done_mutators;
    std::map<std::string, unsigned> m_notes;
    unsigned m_replaced{0};
    bool m_stopping{false};
    std::optional<base::Error> m_error;
    CampaignResult m_result;
};

} // namespace

base::Result<CampaignResult> RunCampaign(const Subject& subject, const CampaignOptions& options,
                                         const CampaignReporter& reporter)
{
    CHECK(options.jobs > 0);
    return Campaign{subject, options, reporter}.Run();
}

} // namespace mpfuzz::engine
