#include <mpfuzz/engine/corpus.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/digest.h>
#include <mpfuzz/program/edit.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace mpfuzz::engine {
namespace {

// Programs that a SeedSchedule keeps. Guess, unmeasured.
constexpr size_t MAX_PROGRAMS{16};

// About enough for a program of thirty steps of which ten are needed. Guess, unmeasured.
constexpr size_t MAX_RUNS{32};

} // namespace

void SeedSchedule::Add(std::string text)
{
    m_programs.push_front(std::move(text));
    if (m_programs.size() > MAX_PROGRAMS) m_programs.pop_back();
}

std::optional<std::string_view> SeedSchedule::Pick(base::Rng& rng) const
{
    if (m_programs.empty() || rng.OneIn(2)) return std::nullopt;
    return m_programs[rng.SkewedLength(m_programs.size() - 1)];
}

void AddToCorpus(const std::string& directory, const std::string& text)
{
    // libFuzzer may read a file that is not complete. That does no harm: it is then another program.
    std::ofstream{directory + "/" + base::DigestHex(text), std::ios::binary} << text;
}

std::optional<program::Program> MinimizeInput(const schema::Schema& schema, const program::Program& program,
                                              std::vector<Feature> new_features, const Probe& probe)
{
    const auto again{probe(program)};
    std::erase_if(new_features, [&](const Feature& feature) { return again.empty() || !Reaches(again, feature); });
    if (new_features.empty()) return std::nullopt;
    const auto reaches_them{[&](const program::Program& candidate) {
        const auto counters{probe(candidate)};
        return !counters.empty() &&
               std::ranges::all_of(new_features, [&](const Feature& feature) { return Reaches(counters, feature); });
    }};
    return triage::Minimize(schema, program, reaches_them,
                            {.max_reruns = MAX_RUNS, .passes = triage::Passes().first(1)})
        .program;
}

void Trimmer::Advance(const schema::Schema& schema)
{
    m_candidate.reset();
    while (m_next > 0) {
        program::Program candidate{m_current};
        program::RemoveStep(candidate, static_cast<program::StepIndex>(--m_next));
        m_text = program::Print(schema, candidate);
        // The text that replaces a value of the removed step may be longer than the step was.
        if (candidate.steps.empty() || m_text.size() > m_max) continue;
        m_candidate = std::move(candidate);
        return;
    }
}

void Trimmer::Judged(bool taken)
{
    CHECK(m_candidate);
    // The steps that depended on the removed step came after it, so the indices of the steps before it are still valid.
    if (taken) m_current = std::move(*m_candidate);
}

} // namespace mpfuzz::engine
