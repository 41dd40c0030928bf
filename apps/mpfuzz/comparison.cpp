#include <apps/mpfuzz/comparison.h>

#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize_finding.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

using Clock = std::chrono::steady_clock;

// The numbers are guesses, unmeasured.

// A program may leave the two targets in different states. Then all later programs show a difference until both targets
// are restarted.
constexpr uint32_t RESTART_EVERY{100};
constexpr int REPLAYS{5};
// Longer than in a campaign, because `mpfuzz minimize` cannot continue later.
constexpr std::chrono::milliseconds MAX_MINIMIZE_TIME{60'000};
// The search ends with an error after this number of programs in a row that cannot be compared.
constexpr int MAX_NOT_COMPARABLE{10'000};

} // namespace

Comparison::Comparison(const DiffOptions& options, const Invocation& invocation, const Setup& first,
                       const Setup& second)
    : m_options{options}, m_invocation{invocation}, m_first{first},
      m_differ{*first.schema, first.limits,
               [&first] { return std::make_unique<Rig>(first, std::vector<std::string>{}); },
               [&] { return std::make_unique<Rig>(second, invocation.extra); }, RESTART_EVERY}
{
}

bool Comparison::IsOver(std::optional<Clock::time_point> end) const
{
    return IsStopped() || (end && Clock::now() >= *end) || (m_options.runs && Programs() >= *m_options.runs) ||
           (m_options.max_findings && m_found.size() >= *m_options.max_findings);
}

int Comparison::Search(std::optional<std::chrono::milliseconds> time)
{
    program::TargetRules rules{m_first.file.rules};
    rules.max_connections = 1;
    rules.only = rules.deterministic;
    generate::Generator generator{*m_first.schema, rules, m_first.domains};
    base::Rng rng{m_options.seed};
    const auto begin{Clock::now()};
    const auto end{time ? std::optional{begin + *time} : std::nullopt};
    for (int not_comparable{0}; !IsOver(end);) {
        const auto program{engine::MakeComparable(generator.Generate(rng), m_first.limits)};
        if (!program || !m_differ.Supports(*program)) {
            if (++not_comparable > MAX_NOT_COMPARABLE)
                return Complain("cannot generate a program from the methods in `deterministic` in [rules] of " +
                                m_options.first);
            continue;
        }
        not_comparable = 0;
        const auto runs{m_differ.Run(*program)};
        if (!runs) return Complain(runs.GetError().message);
        if (!runs->difference) continue;
        if (auto kept{Keep(*program, *runs)}; !kept) return Complain(kept.GetError().message);
    }
    const double seconds{std::chrono::duration<double>(Clock::now() - begin).count()};
    std::printf("%llu programs on both targets in %.1f s; %zu differences\n",
                static_cast<unsigned long long>(Programs()), seconds, m_found.size());
    return m_found.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

int Comparison::Replay(const program::Program& program)
{
    if (!observe::IsComparable(program, m_first.limits) || !m_differ.Supports(program))
        return Complain(
            "this program cannot be compared: it must have one connection, calls of `deterministic` methods "
            "only, and all calls in one queue (see [rules] of " +
            m_options.first + ")");
    std::optional<engine::TwoRuns> shown;
    int hits{0};
    for (int i{0}; i < REPLAYS; ++i) {
        auto runs{m_differ.RunFresh(program)};
        if (!runs) return Complain(runs.GetError().message);
        if (!runs->difference) continue;
        ++hits;
        shown = std::move(*runs);
    }
    if (!shown) {
        std::printf("no difference in %d tries\n", REPLAYS);
        return EXIT_NOTHING_FOUND;
    }
    Show(program, *shown, {hits, REPLAYS});
    return EXIT_FINDINGS;
}

base::Status Comparison::Keep(const program::Program& program, const engine::TwoRuns& runs)
{
    const std::string findings{m_options.out + "/findings"};
    triage::Record record{MakeRecord(program, runs)};
    const auto saved{triage::Save(findings, record)};
    if (!saved) return saved.GetError();
    if (std::ranges::find(m_found, record.identity) != m_found.end()) return base::Ok();
    m_found.push_back(record.identity);
    std::fprintf(stderr, "found %s: %s\n      %s\n", record.identity.kind.c_str(), record.identity.title.c_str(),
                 saved->directory.c_str());
    const uint64_t before{m_differ.Programs()};
    auto status{Investigate(saved->directory, program, runs)};
    m_replays += m_differ.Programs() - before;
    return status;
}

base::Status Comparison::Investigate(const std::string& directory, const program::Program& program,
                                     const engine::TwoRuns& seen)
{
    const triage::Identity identity{std::string{observe::DIFFERENTIAL}, seen.difference->title};
    const auto find{[this](const program::Program& candidate) { return m_differ.FindFresh(candidate); }};
    const triage::Rerun rerun{[&](const program::Program& candidate) {
        auto findings{find(candidate)};
        return findings ? std::move(*findings) : std::vector<observe::Finding>{};
    }};
    triage::Verdict verdict{triage::Reproduce(rerun, program, identity, REPLAYS, [this] { return IsStopped(); })};
    if (auto stored{triage::SaveMinimal(directory, program::Print(*m_first.schema, program), verdict)}; !stored)
        return stored;
    program::Program smallest{program};
    if (verdict.hits > 0) {
        const auto stored{triage::Load(directory)};
        if (!stored) return stored.GetError();
        const auto minimized{triage::MinimizeFinding(*m_first.schema, *stored, find,
                                                     {.max_time = MAX_MINIMIZE_TIME,
                                                      .stop = [this] { return IsStopped(); },
                                                      .extra_arguments = m_invocation.extra})};
        if (!minimized) return minimized.GetError();
        if (minimized->best.verdict.hits > 0) {
            smallest = minimized->best.program;
            verdict = minimized->best.verdict;
        }
    }
    auto runs{m_differ.RunFresh(smallest)};
    if (!runs) return runs.GetError();
    Show(runs->difference ? smallest : program, runs->difference ? *runs : seen, verdict);
    return base::Ok();
}

triage::Record Comparison::MakeRecord(const program::Program& program, const engine::TwoRuns& runs) const
{
    triage::Record record;
    record.identity = {std::string{observe::DIFFERENTIAL}, runs.difference->title};
    record.program = program::Print(*m_first.schema, program);
    const auto part{[&](size_t which) {
        return NameOf(which) + "\n" + trace::Print(*m_first.schema, program, runs.traces[which]);
    }};
    record.trace = part(0) + "\n" + part(1);
    for (const trace::Trace& trace : runs.traces) record.target_log += trace.ending.log_tail;
    record.schema_hash = m_first.schema->Hash();
    record.seed = m_options.seed;
    record.time = triage::Timestamp();
    record.target_toml = m_options.first;
    record.other_toml = m_options.second;
    record.extra_arguments = m_invocation.extra;
    record.command_line = m_invocation.words;
    record.version = VERSION;
    return record;
}

std::string Comparison::NameOf(size_t which) const
{
    if (which == 0) return m_options.first;
    std::string name{m_options.second};
    for (const std::string& word : m_invocation.extra)
        name += (&word == &m_invocation.extra.front() ? " -- " : " ") + word;
    return name;
}

void Comparison::Show(const program::Program& program, const engine::TwoRuns& runs,
                      const triage::Verdict& verdict) const
{
    const schema::Schema& schema{*m_first.schema};
    std::cout << observe::DIFFERENTIAL << ": " << runs.difference->title << " (" << triage::Describe(verdict) << ")\n\n"
              << program::Print(schema, program) << '\n';
    for (size_t i{0}; i < runs.traces.size(); ++i) {
        std::cout << NameOf(i) << ": " << AnswerText(program, runs.traces[i], runs.difference->step) << '\n';
    }
    std::cout << std::endl;
}

std::string Comparison::AnswerText(const program::Program& program, const trace::Trace& trace,
                                   program::StepIndex step) const
{
    const auto* call{std::get_if<program::Call>(&program.steps[step])};
    if (!call) return trace.ending.alive ? "lives" : "died";
    const trace::Outcome& outcome{trace.outcomes[step]};
    if (!outcome.answer) return std::string{trace::Name(outcome.status)} + " " + outcome.message;
    return program::PrintStruct(*m_first.schema, m_first.schema->GetMethod(call->method).results, *outcome.answer, {});
}

} // namespace mpfuzz::apps
