#include <mpfuzz/engine/harness.h>

#include <mpfuzz/observe/outcome_features.h>

namespace mpfuzz::engine {
namespace {

// What a finding needs from before its own program is nearly always among the last few; guess, unmeasured.
constexpr size_t MAX_HISTORY{256};

} // namespace

Harness::Harness(const schema::Schema& schema, execute::Executor& executor, observe::Limits limits,
                 uint32_t restart_every)
    : m_schema{schema}, m_executor{executor}, m_limits{std::move(limits)}, m_restart_every{restart_every}
{
}

base::Status Harness::Restart()
{
    m_since_restart = 0;
    m_restart_due = false;
    m_history.clear();
    ++m_statistics.restarts;
    return m_executor.Restart();
}

base::Result<std::vector<observe::Finding>> Harness::RunAndJudge(const program::Program& program)
{
    auto trace{m_executor.Run(program)};
    if (!trace) return trace.GetError();
    m_statistics.Count(program, *trace);
    if (!m_outcomes.empty()) observe::MarkOutcomes(program, *trace, m_outcomes);
    return observe::Judge({m_schema, program, *trace, m_limits});
}

base::Result<std::vector<observe::Finding>> Harness::Run(const program::Program& program)
{
    if (m_restart_due || (m_restart_every > 0 && m_since_restart >= m_restart_every)) {
        if (auto restarted{Restart()}; !restarted) return restarted.GetError();
    }
    ++m_since_restart;
    m_history.push_back(program);
    if (m_history.size() > MAX_HISTORY) m_history.pop_front();
    auto findings{RunAndJudge(program)};
    m_restart_due |= findings && !findings->empty();
    return findings;
}

base::Result<std::vector<observe::Finding>> Harness::RunFresh(const program::Program& program, trace::Trace* trace)
{
    if (auto restarted{m_executor.Restart()}; !restarted) return restarted.GetError();
    m_restart_due = true;
    m_executor.SetPatient(true);
    auto run{m_executor.Run(program)};
    m_executor.SetPatient(false);
    if (!run) return run.GetError();
    auto findings{observe::Judge({m_schema, program, *run, m_limits})};
    if (trace) *trace = std::move(*run);
    return findings;
}

} // namespace mpfuzz::engine
