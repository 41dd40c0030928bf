#include <mpfuzz/engine/triage_runner.h>

namespace mpfuzz::engine {

ProgramRunner::ProgramRunner(const TargetSpec& spec, const observe::Limits& limits)
    : m_target{spec}, m_harness{spec.schema, m_target.GetExecutor(), limits, 0}
{
}

TriageRunner::Findings ProgramRunner::RunFresh(const triage::StoredFinding& finding, const program::Program& program)
{
    if (auto supported{m_target.GetExecutor().Supports(program)}; !supported) return supported.GetError();
    return m_harness.RunFresh(program, WaysToShow(finding.record.identity.kind));
}

TriageRunner::Findings ProgramRunner::Screen(const triage::StoredFinding& finding, const program::Program& program)
{
    if (auto supported{m_target.GetExecutor().Supports(program)}; !supported) return supported.GetError();
    const observe::Identity& identity{finding.record.identity};
    if (observe::OracleOf(identity.kind).needs_two_runs) return RunFresh(finding, program);
    auto findings{m_harness.Screen(program)};
    if (!findings || identity.kind != observe::FindingKind::CRASH) return findings;
    // Without names of functions, the title of the same crash is another one.
    for (observe::Finding& found : *findings) {
        if (found.identity.kind == identity.kind) found.identity = identity;
    }
    return findings;
}

} // namespace mpfuzz::engine
