#include <mpfuzz/engine/differ.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::engine {
namespace {

using program::StepIndex;

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

Differ::Differ(const schema::Schema& schema, const observe::Limits& limits, const MakeLab& first, const MakeLab& second,
               uint32_t restart_every)
    : m_schema{schema}, m_limits{limits}, m_labs{LabThread{first}, LabThread{second}}, m_restart_every{restart_every}
{
    CHECK(restart_every > 0);
}

base::Status Differ::OnBoth(const std::function<base::Status(Lab&, size_t)>& task)
{
    std::array<base::Status, 2> results{base::Ok(), base::Ok()};
    for (size_t i{0}; i < m_labs.size(); ++i) m_labs[i].Start([&, i](Lab& lab) { results[i] = task(lab, i); });
    for (LabThread& lab : m_labs) lab.Wait();
    return results[0] ? results[1] : results[0];
}

bool Differ::Supports(const program::Program& program)
{
    return bool(OnBoth([&](Lab& lab, size_t) { return lab.GetExecutor().Supports(program); }));
}

base::Result<TwoRuns> Differ::Run(const program::Program& program)
{
    if (std::exchange(m_restart_due, false) || m_since_restart >= m_restart_every) {
        m_since_restart = 0;
        auto restarted{OnBoth([](Lab& lab, size_t) { return lab.GetExecutor().Restart(); })};
        if (!restarted) return restarted.GetError();
    }
    ++m_since_restart;
    ++m_programs;
    TwoRuns runs;
    const auto run{OnBoth([&](Lab& lab, size_t which) -> base::Status {
        auto trace{lab.GetExecutor().Run(program)};
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

base::Result<TwoRuns> Differ::RunFresh(const program::Program& program)
{
    const auto be_patient{[this](bool patient) {
        (void)OnBoth([patient](Lab& lab, size_t) {
            lab.GetExecutor().SetPatient(patient);
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

base::Result<std::vector<observe::Finding>> Differ::FindFresh(const program::Program& program)
{
    auto runs{RunFresh(program)};
    if (!runs) return runs.GetError();
    std::vector<observe::Finding> findings;
    if (runs->difference) {
        findings.push_back({std::string{observe::DIFFERENTIAL}, std::move(runs->difference->title), program,
                            std::move(runs->traces[0])});
    }
    return findings;
}

} // namespace mpfuzz::engine
