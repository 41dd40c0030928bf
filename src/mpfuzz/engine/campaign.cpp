#include <mpfuzz/engine/campaign.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize.h>

#include <algorithm>
#include <ctime>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// Enough for a program of some thirty steps to become 1-minimal where each rerun takes milliseconds; where the
// target takes seconds to start, or the finding is a hang, the time limit ends it. Guesses, unmeasured.
constexpr size_t MAX_MINIMIZE_RERUNS{400};
constexpr std::chrono::seconds MAX_MINIMIZE_TIME{30};

//! Sightings of a finding that are looked into until one of them always comes back; guess, unmeasured.
constexpr uint64_t MAX_INVESTIGATIONS{5};

//! Tries for a candidate of a finding that does not always come back; guess, unmeasured.
constexpr int FLAKY_TRIES{3};

std::string IsoTime()
{
    const std::time_t now{std::time(nullptr)};
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

class Campaign
{
public:
    Campaign(const schema::Schema& schema, Harness& harness, const CampaignOptions& options,
             const CampaignReporter& reporter)
        : m_schema{schema}, m_harness{harness}, m_options{options}, m_reporter{reporter}
    {
    }

    base::Result<CampaignResult> Run(const std::function<program::Program()>& next)
    {
        const auto start{Clock::now()};
        for (uint64_t run{0}; !Over(run, start); ++run) {
            const program::Program program{next()};
            auto findings{m_harness.Run(program)};
            if (!findings) return findings.GetError();
            if (m_reporter.on_program) m_reporter.on_program();
            for (const observe::Finding& finding : *findings) {
                if (auto kept{Keep(finding)}; !kept) return kept.GetError();
            }
        }
        m_result.elapsed = Clock::now() - start;
        return std::move(m_result);
    }

private:
    bool Over(uint64_t run, Clock::time_point start) const
    {
        if (m_options.stop && m_options.stop->load()) return true;
        if (m_options.runs && run >= *m_options.runs) return true;
        return m_options.time && Clock::now() - start >= *m_options.time;
    }

    base::Status Keep(const observe::Finding& finding)
    {
        const triage::Identity identity{triage::IdentityOf(finding)};
        const auto known{std::find_if(m_result.findings.begin(), m_result.findings.end(),
                                      [&](const Sighting& sighting) { return sighting.identity == identity; })};
        if (known != m_result.findings.end()) {
            auto occurrences{triage::CountSighting(m_options.findings, identity, IsoTime())};
            if (!occurrences) return occurrences.GetError();
            known->occurrences = *occurrences;
            // One that does not always come back may have met a better program by now.
            const bool certain{known->verdict.hits == known->verdict.tries};
            if (certain || *occurrences > MAX_INVESTIGATIONS) return base::Ok();
            return Investigate(*known, finding);
        }

        // Stored first: whatever happens while it is replayed, it is not lost.
        triage::Record record{m_options.blueprint};
        record.identity = identity;
        record.program = program::Print(m_schema, finding.program);
        record.trace = trace::Print(m_schema, finding.program, finding.trace);
        record.target_log = finding.trace.ending.last_words;
        if (!finding.trace.ending.stacks.empty()) record.target_log += "\n" + finding.trace.ending.stacks;
        record.time = IsoTime();
        const auto saved{triage::Save(m_options.findings, record)};
        if (!saved) {
            // The disk refuses; the terminal is what is left to keep it.
            return base::Error{saved.GetError().message + "\nThe finding that could not be stored is `" +
                               identity.title + "`, shown by:\n" + record.program};
        }
        m_result.findings.push_back({identity, saved->directory, saved->occurrences, {}, finding.program.steps.size()});
        Sighting& sighting{m_result.findings.back()};
        auto status{Investigate(sighting, finding)};
        if (status && m_reporter.on_finding) m_reporter.on_finding(sighting);
        return status;
    }

    //! Replay and minimise, and store the result if it is better than what is stored.
    base::Status Investigate(Sighting& sighting, const observe::Finding& finding)
    {
        const triage::Identity& identity{sighting.identity};
        const triage::Rerun rerun{[&](const program::Program& program) {
            auto findings{m_harness.RunFresh(program)};
            return findings ? std::move(*findings) : std::vector<observe::Finding>{};
        }};
        const std::vector<program::Program> history{m_harness.History().begin(), m_harness.History().end()};
        CHECK(!history.empty() && history.back() == finding.program);
        auto reproducer{triage::FindReproducer(rerun, history, identity, m_options.replays)};
        triage::Minimized minimized{reproducer.program};
        if (reproducer.verdict.hits > 0) {
            const int tries{reproducer.verdict.hits == reproducer.verdict.tries ? 1 : FLAKY_TRIES};
            const auto end{Clock::now() + MAX_MINIMIZE_TIME};
            minimized = triage::Minimize(m_schema, reproducer.program,
                                         [&](const program::Program& candidate) {
                                             const bool stopped{m_options.stop && m_options.stop->load()};
                                             if (stopped || Clock::now() > end) return false;
                                             for (int i{0}; i < tries; ++i) {
                                                 if (triage::Reproduce(rerun, candidate, identity, 1).hits > 0)
                                                     return true;
                                             }
                                             return false;
                                         },
                                         {MAX_MINIMIZE_RERUNS, {}});
            const triage::Verdict verdict{triage::Reproduce(rerun, minimized.program, identity, m_options.replays)};
            // A shorter program that shows it less often is no better.
            if (verdict.hits >= reproducer.verdict.hits)
                reproducer.verdict = verdict;
            else
                minimized.program = reproducer.program;
        }
        if (sighting.verdict.tries > 0 && reproducer.verdict.hits <= sighting.verdict.hits) return base::Ok();
        sighting.verdict = reproducer.verdict;
        sighting.steps = minimized.program.steps.size();
        return triage::SaveMinimal(sighting.directory, program::Print(m_schema, minimized.program), reproducer.verdict);
    }

    const schema::Schema& m_schema;
    Harness& m_harness;
    const CampaignOptions& m_options;
    const CampaignReporter& m_reporter;
    CampaignResult m_result;
};

} // namespace

base::Result<CampaignResult> RunCampaign(const schema::Schema& schema, Harness& harness,
                                         const std::function<program::Program()>& next, const CampaignOptions& options,
                                         const CampaignReporter& reporter)
{
    return Campaign{schema, harness, options, reporter}.Run(next);
}

} // namespace mpfuzz::engine
