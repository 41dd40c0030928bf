#include <mpfuzz/engine/fuzzer.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::engine {

Fuzzer::Fuzzer(const Subject& subject, FeatureSet& features_seen)
    : m_features_seen(features_seen), m_target(std::make_unique<LiveTarget>(subject.target)),
      m_harness(subject.target.schema, m_target->GetExecutor(), subject.limits, subject.target.file.restart_every),
      m_mutator(subject.target.schema, subject.target.file.rules, subject.domains)
{
    if (auto* const coverage = m_target->GetTarget().GetCoverage()) coverage->ShareCoverage(m_counters.edges);
    m_target->GetExecutor().SetQuiesce(true);
    m_mutator.SetComparisons([this] { return GetComparisons(); });
    m_harness.MarkOutcomesIn(m_counters.outcomes);
}

std::optional<program::Program> Fuzzer::Read(std::string_view input)
{
    const program::Program& program{m_mutator.Read(input)};
    if (program.steps.empty() || !m_target->GetExecutor().Supports(program)) return std::nullopt;
    return program;
}

base::Result<RunResult> Fuzzer::Run(const program::Program& program)
{
    std::ranges::fill(m_counters.all, uint8_t{0});
    auto findings{m_harness.Run(program)};
    if (!findings) return findings.GetError();
    RunResult result{std::move(*findings), {}};
    // A program that ends the target costs a restart. So it must not join the corpus for code that only a shutdown
    // runs.
    if (result.findings.empty() && !m_harness.Ended()) {
        CoarsenCounts(m_counters.edges);
        result.new_features = m_features_seen.Take(m_counters.all);
    } else {
        std::ranges::fill(m_counters.all, uint8_t{0});
    }
    return result;
}

std::string Fuzzer::TakeCoverageProblem()
{
    if (std::exchange(m_checked_coverage, true)) return {};
    std::string problem{execute::CoverageProblemOf(m_target->GetTarget())};
    // Only coverage needs the wait at the end of each program.
    if (!problem.empty()) m_target->GetExecutor().SetQuiesce(false);
    return problem;
}

mutate::ComparisonList Fuzzer::GetComparisons() const
{
    const auto* const coverage{m_target->GetTarget().GetCoverage()};
    return coverage ? coverage->Comparisons() : mutate::ComparisonList{};
}

void Fuzzer::ForgetComparisons()
{
    if (auto* const coverage = m_target->GetTarget().GetCoverage()) coverage->ForgetComparisons();
}

} // namespace mpfuzz::engine
