#include <mpfuzz/engine/finding_recorder.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/digest.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize_finding.h>

#include <algorithm>
#include <chrono>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// The limits of this file are guesses, unmeasured.

// Enough for a program of some thirty steps if each rerun takes milliseconds. If the target takes seconds to start, or
// the finding is a hang, `mpfuzz minimize` can continue later.
constexpr std::chrono::milliseconds MAX_MINIMIZE_TIME{30'000};
// For replays of a finding. A hang may take the whole deadline of the program in each of them.
constexpr std::chrono::seconds MAX_REPRODUCE_TIME{90};

// Maximum number of investigations of one finding. They end earlier if a program shows it in every replay.
constexpr uint64_t MAX_INVESTIGATIONS{5};

//! Copies of the programs that the pointers refer to.
std::vector<program::Program> Copy(const auto& pointers)
{
    std::vector<program::Program> programs;
    for (const auto& program : pointers) programs.push_back(*program);
    return programs;
}

} // namespace

FindingRecorder::FindingRecorder(const schema::Schema& schema, Harness& harness, SharedState& shared,
                                 FindingRecorderOptions options, std::function<void(const FindingReport&)> on_finding)
    : m_schema(schema), m_harness(harness), m_shared(shared), m_options(std::move(options)),
      m_on_finding(std::move(on_finding))
{
}

base::Status FindingRecorder::Keep(const observe::Finding& finding)
{
    const triage::Identity identity{triage::IdentityOf(finding)};
    // Store it first: a crash of mpfuzz during the replays must not lose it.
    const auto saved{Store(finding, identity)};
    if (!saved) return saved.GetError();
    auto report{std::ranges::find(m_claimed, identity, &FindingReport::identity)};
    const bool is_new{report == m_claimed.end() &&
                      m_shared.ClaimFinding(base::Digest64(identity.kind + "\n" + identity.title))};
    if (is_new) report = m_claimed.insert(report, {identity, saved->directory, 1, {}, finding.program.steps.size()});
    if (report == m_claimed.end()) {
        // Another worker investigates it.
        m_on_finding({identity, saved->directory, saved->occurrences, {}, finding.program.steps.size()});
        return base::Ok();
    }
    report->occurrences = saved->occurrences;
    // If no program so far shows it in every replay, the new program may show it more often.
    const bool certain{!is_new && report->verdict.hits == report->verdict.tries};
    const bool was_not_reproduced{report->verdict.hits == 0};
    base::Status status{base::Ok()};
    if (is_new || (!certain && report->occurrences <= MAX_INVESTIGATIONS)) status = Investigate(*report, finding);
    // The option max_findings counts only findings that could be reproduced.
    if (was_not_reproduced && report->verdict.hits > 0) m_shared.CountFinding();
    if (status) m_on_finding(*report);
    return status;
}

base::Result<triage::Saved> FindingRecorder::Store(const observe::Finding& finding, const triage::Identity& identity)
{
    const auto known{triage::CountFindingReport(m_options.findings, identity, triage::Timestamp())};
    if (!known) return known.GetError();
    if (*known > 0) return triage::Saved{m_options.findings + "/" + triage::DirectoryName(identity), *known};

    triage::Record record{m_options.blueprint};
    record.identity = identity;
    record.program = program::Print(m_schema, finding.program);
    record.trace = trace::Print(m_schema, finding.program, finding.trace);
    record.target_log = finding.trace.ending.log_tail;
    if (!finding.trace.ending.stacks.empty()) record.target_log += "\n" + finding.trace.ending.stacks;
    record.time = triage::Timestamp();
    auto saved{triage::Save(m_options.findings, record)};
    if (saved) return saved;
    // The finding cannot be written to disk, so the program is printed on the terminal.
    return base::Error{saved.GetError().message + "\nThe finding that could not be stored is `" + identity.title +
                       "`, shown by:\n" + record.program};
}

triage::Rerun FindingRecorder::MakeRerun(Ways ways)
{
    return [this, ways](const program::Program& program) {
        auto findings{m_harness.RunFresh(program, ways)};
        return findings ? std::move(*findings) : std::vector<observe::Finding>{};
    };
}

base::Status FindingRecorder::Investigate(FindingReport& report, const observe::Finding& finding)
{
    triage::Past past{.history = Copy(m_harness.History())};
    CHECK(!past.history.empty() && past.history.back() == finding.program);
    if (report.identity.kind == observe::RESOURCES) {
        for (const Residue::Programs& some : m_harness.GetResidue().Suspects()) past.selections.push_back(Copy(some));
    }
    const auto end{Clock::now() + MAX_REPRODUCE_TIME};
    const triage::Reproducer reproducer{triage::FindReproducer(MakeRerun(WaysToShow(report.identity.kind)), past,
                                                               report.identity, m_options.replays,
                                                               [&] { return IsStopped() || Clock::now() > end; })};
    // Of two programs that show it in some replays, keep the one that shows it more often.
    if (report.verdict.tries > 0 && reproducer.verdict.hits <= report.verdict.hits) return base::Ok();
    report.verdict = reproducer.verdict;
    report.steps = reproducer.program.steps.size();
    auto saved{triage::SaveMinimal(report.directory, program::Print(m_schema, reproducer.program), reproducer.verdict)};
    return saved && reproducer.verdict.hits > 0 ? Minimize(report) : saved;
}

base::Status FindingRecorder::Minimize(FindingReport& report)
{
    const auto stored{triage::Load(report.directory)};
    if (!stored) return stored.GetError();
    const auto minimized{triage::MinimizeFinding(
        m_schema, *stored,
        [&](const program::Program& program) { return m_harness.RunFresh(program, WaysToShow(report.identity.kind)); },
        {.max_time = MAX_MINIMIZE_TIME,
         .stop = [this] { return IsStopped(); },
         .extra_arguments = m_options.blueprint.extra_arguments})};
    if (!minimized) return minimized.GetError();
    if (minimized->best.verdict.hits == 0) return base::Ok();
    report.verdict = minimized->best.verdict;
    report.steps = minimized->best.program.steps.size();
    return base::Ok();
}

} // namespace mpfuzz::engine
