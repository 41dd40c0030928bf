#include <mpfuzz/engine/triage_worker.h>

#include <mpfuzz/triage/investigate.h>
#include <mpfuzz/triage/queue.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The limits of this file are guesses, unmeasured.

// How often to look for new findings, and whether this process has to end.
constexpr milliseconds POLL_INTERVAL{50};
// Limits of one piece of work on a finding.
constexpr milliseconds SEARCH_TIME{10'000};
constexpr milliseconds MAX_SEARCH_TIME{60'000};
constexpr milliseconds MINIMIZE_TIME{30'000};
// After this number of errors in a row, triage gives up. The target may for example no longer be installed.
constexpr int MAX_ERRORS{3};

class TriageWorker
{
public:
    TriageWorker(WorkerContext& context, const schema::Schema& schema, TriageRunner& runner)
        : m_context{context}, m_schema{schema}, m_runner{runner}, m_queue{context.Options().FindingsDirectory()}
    {
    }

    [[noreturn]] void Run()
    {
        while (!m_context.IsOver()) {
            auto claimed{m_queue.Claim()};
            if (!claimed) {
                OnError(claimed.GetError());
            } else if (*claimed) {
                Work((*claimed)->finding);
            } else if (m_context.Memory().FuzzingEnded()) {
                break;
            } else {
                m_context.Rest([] { std::this_thread::sleep_for(POLL_INTERVAL); });
            }
        }
        m_context.Exit(WORKER_DONE);
    }

private:
    void Work(const triage::StoredFinding& finding)
    {
        const observe::Identity& identity{finding.record.identity};
        const uint64_t digest{triage::DigestOf(identity)};
        Activity& activity{m_context.GetActivity()};
        activity.stage = finding.stage;
        activity.since_ns = Clock::now().time_since_epoch().count();
        activity.digest = digest;

        const uint64_t starts{m_runner.TargetStarts()};
        const int64_t busy{activity.busy_ns};
        const bool needs_quiet{observe::OracleOf(identity.kind).depends_on_time};
        const auto run{[&](const program::Program& program) {
            return Paced(needs_quiet, [&] { return m_runner.RunFresh(finding, program); });
        }};
        const auto screen{[&](const program::Program& program) {
            return Paced(needs_quiet, [&] { return m_runner.Screen(finding, program); });
        }};
        const auto after{triage::Investigate(m_schema, finding, run,
                                             {.replays = m_context.Options().replays,
                                              .search_time = SEARCH_TIME,
                                              .max_search_time = MAX_SEARCH_TIME,
                                              .minimize_time = MINIMIZE_TIME,
                                              .stop = [this] { return m_context.IsOver(); },
                                              .cost_of_piece =
                                                  [&] {
                                                      return triage::TriageCost{
                                                          m_runner.TargetStarts() - starts,
                                                          static_cast<double>(activity.busy_ns - busy) / 1e9};
                                                  },
                                              .screen = screen})};
        activity.digest = 0;
        if (!after) return OnError(after.GetError());
        m_errors = 0;
        FindingSlot* const slot{m_context.Memory().FindSlot(digest, identity.kind)};
        if (!slot) return;
        slot->wants_witness = triage::WantsWitness(*after);
        ++slot->version;
    }

    TriageRunner::Findings Paced(bool needs_quiet, const std::function<TriageRunner::Findings()>& run)
    {
        if (needs_quiet) {
            m_context.BeginQuiet();
        } else {
            m_context.RestIfAsked();
        }
        const auto begin{Clock::now()};
        auto result{run()};
        const Clock::duration time{Clock::now() - begin};
        m_context.EndQuiet();
        m_context.GetActivity().busy_ns += time.count();
        // In quiet time, all jobs rest.
        m_context.Rest([&] { Pause(needs_quiet ? time * m_context.Options().jobs : time); });
        return result;
    }

    //! While fuzzing goes on: wait so long after a run that triage gets its share of the jobs' time.
    void Pause(Clock::duration run)
    {
        const CampaignOptions& options{m_context.Options()};
        const auto must_go_on{[this] { return m_context.Memory().FuzzingEnded() || m_context.IsOver(); }};
        if (must_go_on()) return;
        const double share{options.triage_share * options.jobs / TriageJobsWhileFuzzing(options)};
        const auto until{Clock::now() + std::chrono::duration_cast<Clock::duration>(run * (1 / share - 1))};
        while (Clock::now() < until && !must_go_on())
            std::this_thread::sleep_for(std::min<Clock::duration>(until - Clock::now(), POLL_INTERVAL));
    }

    void OnError(const base::Error& error)
    {
        m_context.Note("triage: " + error.message);
        if (++m_errors < MAX_ERRORS) return;
        m_context.Note("triage stops after " + std::to_string(MAX_ERRORS) +
                       " errors in a row; the findings wait for `mpfuzz triage`");
        m_context.Exit(WORKER_DONE);
    }

    WorkerContext& m_context;
    const schema::Schema& m_schema;
    TriageRunner& m_runner;
    triage::Queue m_queue;
    int m_errors{0};
};

} // namespace

unsigned TriageJobsWhileFuzzing(const CampaignOptions& options)
{
    return static_cast<unsigned>(std::ceil(options.triage_share * options.jobs));
}

void RunTriage(WorkerContext& context, const schema::Schema& schema, TriageRunner& runner)
{
    TriageWorker{context, schema, runner}.Run();
}

} // namespace mpfuzz::engine
