#include <mpfuzz/engine/seed_schedule.h>

#include <utility>

namespace mpfuzz::engine {
namespace {

// Guess, unmeasured.
constexpr size_t MAX_PROGRAMS{16};

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

} // namespace mpfuzz::engine
