#include <mpfuzz/engine/residue.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mpfuzz::engine {
namespace {

void Append(Residue::Programs& programs, const Residue::Programs& more)
{
    programs.insert(programs.end(), more.begin(), more.end());
}

} // namespace

void Residue::Measure::Add(const std::shared_ptr<const program::Program>& program, uint64_t baseline, uint64_t after)
{
    if (spans.empty()) level = baseline;
    spans.push_back({level, {program}});
    // Of spans that began above the level of now nobody can say which of their programs left what remains.
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
    m_measures[0].Add(program, usage.baseline.threads, usage.after.threads);
    m_measures[1].Add(program, usage.baseline.descriptors, usage.after.descriptors);
    m_measures[2].Add(program, usage.baseline.memory_kib, usage.after.memory_kib);
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

} // namespace mpfuzz::engine
