#include <mpfuzz/engine/differ.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::engine {
namespace {

using program::StepIndex;

// The search ends with an error after this number of programs in a row that cannot be compared. Guess, unmeasured.
constexpr int MAX_NOT_COMPARABLE{10'000};

//! The capability that decides in which queue a call is. Returns nullopt if the call is in no queue.
std::optional<program::CapabilityRef> QueueCapability(const program::Call& call, const observe::Limits& limits)
{
    for (const observe::Queue& queue : limits.queues) {
        if (auto capability{observe::PlaceInQueue(queue, call)}) return capability;
    }
    return std::nullopt;
}

//! Move a call to the queue of this capability. Does nothing if the call is in no queue.
void MoveTo(program::Call& call, const program::CapabilityRef& capability, const observe::Limits& limits)
{
    for (const observe::Queue& queue : limits.queues) {
        if (!observe::PlaceInQueue(queue, call)) continue;
        program::StructValue* fields{&call.arguments};
        for (const program::PathElement& element : queue.path) {
            program::Value* value{fields->Find(element.index)};
            if (&element == &queue.path.back())
                *value = capability;
            else
                fields = value->As<program::StructValue>();
        }
    }
}

} // namespace

std::optional<program::Program> MakeComparable(program::Program program, const observe::Limits& limits)
{
    size_t connections{0};
    for (size_t i{0}; i < program.steps.size();) {
        program::Step& step{program.steps[i]};
        const bool another{std::holds_alternative<program::Connect>(step) && connections++ > 0};
        if (another || !observe::IsComparableStep(step, limits)) {
            program::RemoveStep(program, static_cast<StepIndex>(i));
            continue;
        }
        ++i;
    }
    std::optional<program::CapabilityRef> first;
    for (program::Step& step : program.steps) {
        auto* call{std::get_if<program::Call>(&step)};
        if (!call) continue;
        if (!first) first = QueueCapability(*call, limits);
        if (first) MoveTo(*call, *first, limits);
    }
    if (!observe::IsComparable(program, limits)) return std::nullopt;
    return program;
}

Differ::Differ(const observe::Limits& limits, const TargetSpec& first, const TargetSpec& second, uint32_t restart_every)
    : m_schema{first.schema}, m_limits{limits}, m_targets{TargetThread{first}, TargetThread{second}}, m_restart_every{
                                                                                                          restart_every}
{
    CHECK(restart_every > 0);
}

base::Status Differ::OnBoth(const std::function<base::Status(LiveTarget&, size_t)>& task)
{
    std::array<base::Status, 2> results{base::Ok(), base::Ok()};
    for (size_t i{0}; i < m_targets.size(); ++i)
        m_targets[i].Start([&, i](LiveTarget& target) { results[i] = task(target, i); });
    for (TargetThread& target : m_targets) target.Wait();
    return results[0] ? results[1] : results[0];
}

bool Differ::Supports(const program::Program& program)
{
    return bool(OnBoth([&](LiveTarget& target, size_t) { return target.GetExecutor().Supports(program); }));
}

base::Result<TwoRuns> Differ::Run(const program::Program& program)
{
    if (std::exchange(m_restart_due, false) || m_since_restart >= m_restart_every) {
        m_since_restart = 0;
        ++m_starts;
        auto restarted{OnBoth([](LiveTarget& target, size_t) { return target.GetExecutor().Restart(); })};
        if (!restarted) return restarted.GetError();
    }
    ++m_since_restart;
    TwoRuns runs;
    const auto run{OnBoth([&](LiveTarget& target, size_t which) -> base::Status {
        auto trace{target.GetExecutor().Run(program)};
        if (!trace) return trace.GetError();
        runs.traces[which] = std::move(*trace);
        return base::Ok();
    })};
    if (!run) return run.GetError();
    if (observe::IsComparable(program, m_limits))
        runs.difference = observe::Compare(m_schema, program, runs.traces[0], runs.traces[1], m_limits);
    const auto ended{[](const trace::Trace& trace) { return !trace.ending.alive || !trace.ending.responsive; }};
    m_restart_due = runs.difference || std::ranges::any_of(runs.traces, ended);
    return runs;
}

base::Result<TwoRuns> Differ::RunBothFresh(const program::Program& program)
{
    const auto be_patient{[this](bool patient) {
        (void)OnBoth([patient](LiveTarget& target, size_t) {
            target.GetExecutor().SetPatient(patient);
            return base::Ok();
        });
    }};
    m_restart_due = true;
    be_patient(true);
    auto runs{Run(program)};
    be_patient(false);
    m_restart_due = true;
    return runs;
}

observe::Finding Differ::FindingOf(const program::Program& program, TwoRuns runs)
{
    return {.identity = {observe::FindingKind::DIFFERENTIAL, std::move(runs.difference->title)},
            .details = std::move(runs.difference->details),
            .program = program,
            .trace = std::move(runs.traces[0])};
}

TriageRunner::Findings Differ::RunFresh(const triage::StoredFinding&, const program::Program& program)
{
    auto runs{RunBothFresh(program)};
    if (!runs) return runs.GetError();
    std::vector<observe::Finding> findings;
    if (runs->difference) findings.push_back(FindingOf(program, std::move(*runs)));
    return findings;
}

void SearchDifferences(WorkerContext& context, const Subject& first, Differ& differ)
{
    program::TargetRules rules{first.target.file.rules};
    rules.max_connections = 1;
    rules.only = rules.deterministic;
    generate::Generator generator{first.target.schema, rules, first.domains};
    base::Rng rng{context.Seed()};
    Statistics statistics;
    context.SetCounts([&] { context.Publish(statistics, {}); });
    for (int not_comparable{0};;) {
        const auto program{MakeComparable(generator.Generate(rng), first.limits)};
        if (!program || !differ.Supports(*program)) {
            if (++not_comparable > MAX_NOT_COMPARABLE) {
                context.Fail(
                    base::Error{"cannot generate a program from the methods in `deterministic` in [rules] of " +
                                first.target.file.path});
            }
            continue;
        }
        not_comparable = 0;
        context.BeginProgram();
        auto runs{differ.Run(*program)};
        if (!runs) context.Fail(runs.GetError());
        statistics.Count(*program, runs->traces[0]);
        if (!runs->difference) continue;
        const auto recorded{context.Recorder().RecordProgram(Differ::FindingOf(*program, std::move(*runs)), [&] {
            return triage::Witness{.program = program::Print(first.target.schema, *program)};
        })};
        if (!recorded) context.Fail(recorded.GetError());
    }
}

} // namespace mpfuzz::engine
