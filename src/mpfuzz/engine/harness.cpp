#include <mpfuzz/engine/harness.h>

#include <mpfuzz/observe/outcome_features.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace mpfuzz::engine {
namespace {

void Append(Residue::Programs& programs, const Residue::Programs& more)
{
    programs.insert(programs.end(), more.begin(), more.end());
}

// If a finding needs earlier programs, these are nearly always among the last few. Guess, unmeasured.
constexpr size_t MAX_HISTORY{256};

// If this number of programs in a row end with the same finding of a target that cannot be restarted, all will.
constexpr unsigned MAX_EQUAL_RUNS{10};

// The limits of Harness::Screen are guesses, unmeasured. A target that starts faster is always restarted, and a report
// that is written faster always has the names of functions.
constexpr std::chrono::milliseconds SLOW_START{100};
constexpr std::chrono::milliseconds SLOW_REPORT{1'000};
// Number of programs that run on one target process. Each of them may leave it in another state.
constexpr uint32_t MAX_SCREENED{16};

// One of this number of comparable programs is run twice. This costs two restarts. Guess, unmeasured.
constexpr uint64_t COMPARE_EVERY{256};

} // namespace

void Residue::Measure::Add(const std::shared_ptr<const program::Program>& program, uint64_t baseline, uint64_t after)
{
    if (spans.empty()) level = baseline;
    spans.push_back({level, {program}});
    // If a span began above the current level, it is unknown which of its programs left the remaining resources.
    Programs uncertain;
    while (!spans.empty() && spans.back().level >= after) {
        Span span{std::move(spans.back())};
        spans.pop_back();
        Append(span.programs, uncertain);
        uncertain = span.level == after ? Programs{} : std::move(span.programs);
    }
    if (!spans.empty()) Append(spans.back().programs, uncertain);
    level = after;
    Trim();
}

void Residue::Measure::Trim()
{
    size_t count{0};
    for (const Span& span : spans) count += span.programs.size();
    for (Span& span : spans) {
        const size_t excess{std::min(count - std::min(count, MAX_PROGRAMS), span.programs.size())};
        span.programs.erase(span.programs.begin(), std::next(span.programs.begin(), static_cast<ptrdiff_t>(excess)));
        count -= excess;
    }
    std::erase_if(spans, [](const Span& span) { return span.programs.empty(); });
}

void Residue::Add(const std::shared_ptr<const program::Program>& program, const trace::UsageRecord& usage)
{
    if (!usage.after) return;
    m_measures[0].Add(program, usage.baseline.threads, usage.after->threads);
    m_measures[1].Add(program, usage.baseline.descriptors, usage.after->descriptors);
    m_measures[2].Add(program, usage.baseline.memory_kib, usage.after->memory_kib);
}

void Residue::Clear() { m_measures = {}; }

std::array<Residue::Programs, 3> Residue::Suspects() const
{
    std::array<Programs, 3> suspects;
    for (size_t i{0}; i < m_measures.size(); ++i) {
        for (const Span& span : m_measures[i].spans) Append(suspects[i], span.programs);
    }
    return suspects;
}

Harness::Harness(const schema::Schema& schema, execute::Executor& executor, observe::Limits limits,
                 uint32_t restart_every)
    : m_schema{schema}, m_executor{executor}, m_limits{std::move(limits)}, m_restart_every{restart_every},
      m_screened{MAX_SCREENED}
{
}

void Harness::AdaptSpares()
{
    const auto now{std::chrono::steady_clock::now()};
    const bool is_frequent{now - m_last_restart < m_executor.StartTime()};
    m_last_restart = now;
    if (m_executor.StartTime() < SLOW_START) return;
    m_spares = m_executor.SetSpares(is_frequent ? m_spares + 1 : std::max(m_spares, 2U) - 1);
}

base::Status Harness::Restart()
{
    AdaptSpares();
    m_since_restart = 0;
    m_restart_due = false;
    m_history.clear();
    m_residue.Clear();
    if (m_executor.CanRestart()) ++m_statistics.restarts;
    return m_executor.Restart();
}

base::Result<std::vector<observe::Finding>> Harness::RunAndJudge(const program::Program& program, trace::Trace& trace)
{
    auto run{m_executor.Run(program)};
    if (!run) return run.GetError();
    trace = std::move(*run);
    m_statistics.Count(program, trace);
    m_ended = !trace.ending.alive;
    m_contact.Add(program, trace);
    if (!m_outcomes.empty()) observe::MarkOutcomes(program, trace, m_outcomes);
    auto findings{observe::Judge({m_schema, program, trace, m_limits})};
    if (findings.empty()) {
        m_last_identity.reset();
    } else if (m_last_identity != findings.front().identity) {
        m_last_identity = findings.front().identity;
        m_equal_runs = 1;
    } else {
        ++m_equal_runs;
    }
    return findings;
}

std::string Harness::LossOfTarget() const
{
    if (m_executor.CanRestart()) return {};
    if (m_ended) return "the server went away, and mpfuzz cannot restart it, because mpfuzz did not start it";
    if (!m_last_identity || m_equal_runs < MAX_EQUAL_RUNS) return {};
    return std::to_string(m_equal_runs) + " programs in a row ended with the same finding, and mpfuzz cannot restart "
                                          "the server, because mpfuzz did not start it";
}

bool Harness::IsComparisonDue(const program::Program& program)
{
    return observe::IsComparable(program, m_limits) && m_executor.CanRestart() && ++m_comparable % COMPARE_EVERY == 0;
}

std::vector<observe::Finding> Harness::CompareRuns(const program::Program& program, const trace::Trace& pipelined,
                                                   const trace::Trace& awaited) const
{
    // If the awaited run has findings, pipelining is not their cause. Report them, and do not compare the runs.
    auto found{observe::Judge({m_schema, program, awaited, m_limits})};
    if (!found.empty()) {
        for (observe::Finding& finding : found) finding.program = program::AwaitEach(program).value_or(program);
        return found;
    }
    auto difference{observe::Compare(m_schema, program, pipelined, awaited, m_limits)};
    if (!difference) return {};
    return {{{observe::FindingKind::SEQUENTIAL, std::move(difference->title)},
             std::move(difference->details),
             program,
             pipelined}};
}

base::Result<std::vector<observe::Finding>> Harness::Run(const program::Program& program)
{
    // The awaited run comes first, so that afterwards the counters are those of the pipelined run.
    std::optional<trace::Trace> awaited;
    if (IsComparisonDue(program)) {
        if (auto restarted{Restart()}; !restarted) return restarted.GetError();
        auto run{m_executor.Run(program, /*await_each=*/true)};
        if (!run) return run.GetError();
        awaited = std::move(*run);
        m_restart_due = true;
    }
    if (m_restart_due || (m_restart_every > 0 && m_since_restart >= m_restart_every)) {
        if (auto restarted{Restart()}; !restarted) return restarted.GetError();
    }
    ++m_since_restart;
    m_history.push_back(std::make_shared<const program::Program>(program));
    if (m_history.size() > MAX_HISTORY) m_history.pop_front();
    trace::Trace trace;
    auto findings{RunAndJudge(program, trace)};
    if (trace.ending.usage) m_residue.Add(m_history.back(), *trace.ending.usage);
    if (awaited && findings && findings->empty()) findings = CompareRuns(program, trace, *awaited);
    m_restart_due |= findings && (!findings->empty() || m_ended);
    return findings;
}

base::Status Harness::StartFresh(bool symbolize)
{
    AdaptSpares();
    m_screened = 0;
    ++m_starts;
    m_executor.SetSymbolize(symbolize);
    m_executor.SetPatient(true);
    return m_executor.Restart();
}

base::Result<std::vector<observe::Finding>> Harness::RunFresh(const program::Program& program, Ways ways,
                                                              trace::Trace* trace)
{
    m_restart_due = true;
    const auto run_patiently{[&](bool await_each) -> base::Result<trace::Trace> {
        if (auto started{StartFresh(/*symbolize=*/true)}; !started) return started.GetError();
        m_screened = MAX_SCREENED;
        return m_executor.Run(program, await_each);
    }};
    const auto begin{std::chrono::steady_clock::now()};
    auto run{run_patiently(/*await_each=*/false)};
    if (!run) return run.GetError();
    if (!run->ending.alive) m_report_time = std::chrono::steady_clock::now() - begin;
    auto findings{observe::Judge({m_schema, program, *run, m_limits})};
    const bool compares{ways == Ways::BOTH && m_executor.CanRestart() && observe::IsComparable(program, m_limits)};
    if (compares && findings.empty()) {
        const auto awaited{run_patiently(/*await_each=*/true)};
        if (!awaited) return awaited.GetError();
        findings = CompareRuns(program, *run, *awaited);
    }
    if (trace) *trace = std::move(*run);
    return findings;
}

base::Result<std::vector<observe::Finding>> Harness::Screen(const program::Program& program)
{
    if (m_executor.StartTime() < SLOW_START && m_report_time < SLOW_REPORT) return RunFresh(program);
    m_restart_due = true;
    if (m_screened >= MAX_SCREENED) {
        if (auto started{StartFresh(/*symbolize=*/m_report_time < SLOW_REPORT)}; !started) return started.GetError();
    }
    ++m_screened;
    const auto run{m_executor.Run(program)};
    if (!run) return run.GetError();
    auto findings{observe::Judge({m_schema, program, *run, m_limits})};
    if (!findings.empty() || !run->ending.alive) m_screened = MAX_SCREENED;
    return findings;
}

triage::Witness Harness::GetWitness(const observe::Finding& finding) const
{
    const auto text{[this](const auto& earlier) { return program::Print(m_schema, *earlier); }};
    triage::Witness witness{.program = program::Print(m_schema, finding.program)};
    for (const auto& earlier : m_history) witness.history.push_back(text(earlier));
    // The finding's program may be the last one with every call awaited.
    if (witness.history.empty()) witness.history.emplace_back();
    witness.history.back() = witness.program;
    if (!observe::OracleOf(finding.identity.kind).adds_up) return witness;
    for (const Residue::Programs& suspects : m_residue.Suspects()) {
        witness.selections.emplace_back();
        for (const auto& suspect : suspects) witness.selections.back().push_back(text(suspect));
    }
    return witness;
}

} // namespace mpfuzz::engine
