#include <mpfuzz/engine/frontier.h>

#include <utility>

namespace mpfuzz::engine {
namespace {

// Mutations of each: about what it takes to insert one particular call at one particular place. Guess, unmeasured.
constexpr uint32_t MUTATIONS{256};

// Those that have waited longest are forgotten when there are more: the engine has them still. Guess, unmeasured.
constexpr size_t MAX_ENTRIES{64};

} // namespace

void Frontier::Add(std::string text)
{
    if (m_entries.size() == MAX_ENTRIES) m_entries.erase(m_entries.begin());
    m_entries.push_back({std::move(text), MUTATIONS});
}

std::optional<std::string_view> Frontier::Pick(base::Rng& rng)
{
    if (m_entries.empty() || rng.OneIn(2)) return std::nullopt;
    Entry& newest{m_entries.back()};
    if (--newest.left > 0) return newest.text;
    m_picked = std::move(newest.text);
    m_entries.pop_back();
    return m_picked;
}

} // namespace mpfuzz::engine
