#include <mpfuzz/triage/investigate.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize_finding.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace mpfuzz::triage {
namespace {

double Seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

class Investigation
{
public:
    Investigation(const schema::Schema& schema, const StoredFinding& finding, const TryRun& run,
                  const InvestigationOptions& options)
        : m_schema{schema}, m_finding{finding}, m_run{run}, m_options{options},
          m_replayer{run, finding.record.identity, [this] { return IsStopped(); }, [this] { return IsLate(); }}
    {
    }

    base::Result<StoredFinding> DoPiece()
    {
        auto next{DoStage()};
        if (!next) return next.GetError();
        const TriageCost cost{Cost()};
        const auto stored{Update(m_finding.directory, [&](StoredFinding& finding) {
            // A new witness may have arrived meanwhile. Then begin again with that.
            if (finding.stage == m_finding.stage) finding.stage = *next;
            if (finding.record.verdict.tries == 0) finding.record.verdict = m_verdict;
            finding.cost.target_starts += cost.target_starts;
            finding.cost.seconds += cost.seconds;
            m_updated = finding;
        })};
        if (!stored) return stored.GetError();
        if (auto written{WriteReport(m_finding.directory)}; !written) return written.GetError();
        if (m_updated.stage == Stage::DONE && IsAlways(m_updated.record.verdict)) RemoveWitnesses(m_finding.directory);
        return std::move(m_updated);
    }

private:
    base::Result<Stage> DoStage()
    {
        switch (m_finding.stage) {
        case Stage::REPLAY: return ReplayAlone();
        case Stage::SEARCH: return SearchHistory();
        case Stage::MINIMIZE: return MinimizeStored();
        case Stage::DONE:
        case Stage::PARKED: break;
        }
        return m_finding.stage;
    }

    bool IsDriver() const { return !m_finding.record.driver.empty(); }
    bool IsStopped() const { return m_options.stop && m_options.stop(); }
    TriageCost Cost() const { return m_options.cost_of_piece ? m_options.cost_of_piece() : TriageCost{}; }
    bool IsLate() const { return m_finding.stage == Stage::SEARCH && Cost().seconds > m_limit_s; }
    bool MayHaveMoreTime() const { return m_limit_s < Seconds(m_options.max_search_time); }

    base::Result<Stage> ReplayAlone()
    {
        program::Program program;
        if (!IsDriver()) {
            auto past{ReadPast()};
            if (!past) return past.GetError();
            program = std::move(past->history.back());
        }
        const Verdict verdict{m_replayer.Replay(program, m_options.replays)};
        if (m_replayer.Failure()) return *m_replayer.Failure();
        // A part of the replays may look like `always`.
        if (IsStopped()) return Stage::REPLAY;
        m_verdict = verdict;
        if (auto kept{KeepIfBetter(program)}; !kept) return kept.GetError();
        if (IsDriver()) return Stage::DONE;
        return IsAlways(m_verdict) ? Stage::MINIMIZE : Stage::SEARCH;
    }

    base::Result<Stage> SearchHistory()
    {
        const auto past{ReadPast()};
        if (!past) return past.GetError();
        const Reproducer reproducer{FindReproducer(m_replayer, *past, m_options.replays)};
        if (m_replayer.Failure()) return *m_replayer.Failure();
        if (IsStopped()) return Stage::SEARCH;
        m_verdict = reproducer.verdict;
        if (auto kept{KeepIfBetter(reproducer.program)}; !kept) return kept.GetError();
        if (IsLate() && MayHaveMoreTime()) return Stage::SEARCH;
        return m_verdict.hits > 0 || m_finding.record.verdict.hits > 0 ? Stage::MINIMIZE : Stage::DONE;
    }

    base::Result<Stage> MinimizeStored()
    {
        const auto minimized{MinimizeFinding(m_schema, m_finding, m_run,
                                             {.replay_first = false,
                                              .screen = m_options.screen,
                                              .max_time = m_options.minimize_time,
                                              .stop = m_options.stop,
                                              .extra_arguments = m_finding.record.extra_arguments})};
        if (!minimized) return minimized.GetError();
        if (minimized->complete) return Stage::DONE;
        if (IsStopped()) return Stage::MINIMIZE;
        // Without a memo, another piece that begins with the same program would do the same.
        const bool goes_on{minimized->has_memo || minimized->best.program != minimized->from.program};
        return goes_on ? Stage::MINIMIZE : Stage::DONE;
    }

    base::Result<program::Program> ReadProgram(const std::string& text) const
    {
        auto program{program::Parse(m_schema, text)};
        if (program) return program;
        return base::Error{m_finding.directory + ": the stored program is not valid: " + program.GetError().message};
    }

    base::Result<Past> ReadPast() const
    {
        auto stored{LoadWitness(m_finding.directory)};
        if (!stored) return stored.GetError();
        const Witness witness{stored->value_or(Witness{m_finding.record.program})};
        Past past;
        for (const std::string& text : witness.history.empty() ? std::vector{witness.program} : witness.history) {
            auto program{ReadProgram(text)};
            if (!program) return program.GetError();
            past.history.push_back(std::move(*program));
        }
        for (const auto& texts : witness.selections) {
            past.selections.emplace_back();
            for (const std::string& text : texts) {
                auto program{ReadProgram(text)};
                if (!program) return program.GetError();
                past.selections.back().push_back(std::move(*program));
            }
        }
        return past;
    }

    //! Stores a program that was replayed as the smallest one, if it shows the finding more often than what is stored.
    base::Status KeepIfBetter(const program::Program& program)
    {
        const Verdict& stored{m_finding.record.verdict};
        if (m_verdict.hits == 0 || (stored.tries > 0 && !IsBetter(m_verdict, stored))) return base::Ok();
        CHECK(m_replayer.Shown());
        const observe::Finding& shown{*m_replayer.Shown()};
        ShownProgram best{.verdict = m_verdict, .details = shown.details, .target_log = LogOf(shown.trace.ending)};
        if (!IsDriver()) {
            best.program = program::Print(m_schema, program);
            best.trace = trace::Print(m_schema, shown.program, shown.trace);
        }
        return SaveMinimal(m_finding.directory, best);
    }

    const schema::Schema& m_schema;
    const StoredFinding& m_finding;
    const TryRun& m_run;
    const InvestigationOptions& m_options;
    //! Time limit of this piece of the stage SEARCH, in seconds.
    const double m_limit_s{std::clamp(m_finding.cost.seconds, Seconds(m_options.search_time),
                                      std::max(Seconds(m_options.search_time), Seconds(m_options.max_search_time)))};
    Verdict m_verdict; //!< of the stages REPLAY and SEARCH, unless they were stopped
    StoredFinding m_updated;
    Replayer m_replayer;
};

} // namespace

base::Result<StoredFinding> Investigate(const schema::Schema& schema, const StoredFinding& finding, const TryRun& run,
                                        const InvestigationOptions& options)
{
    return Investigation{schema, finding, run, options}.DoPiece();
}

} // namespace mpfuzz::triage
