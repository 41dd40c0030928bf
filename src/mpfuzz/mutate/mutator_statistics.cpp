#include <mpfuzz/mutate/mutator_statistics.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/mutate/mutators.h>

#include <algorithm>
#include <iomanip>
#include <numeric>
#include <sstream>

namespace mpfuzz::mutate {
namespace {

// Factors are fixed-point numbers, because floating-point rounding may differ between machines.
constexpr uint64_t ONE{256};

uint64_t Sum(const std::vector<Count>& counts, uint64_t Count::*member)
{
    return std::accumulate(counts.begin(), counts.end(), uint64_t{0},
                           [member](uint64_t sum, const Count& count) { return sum + count.*member; });
}

//! The factor that the header defines, in units of 1 / ONE. Recent counts are below 2^21, so nothing overflows.
uint64_t Factor(const Count& count, uint64_t applied, uint64_t productive)
{
    if (productive == 0) return ONE;
    const uint64_t factor{(count.recent_productive + MutatorStatistics::PRIOR_PRODUCTIVE) * applied * ONE /
                          (count.recent_applied * productive + MutatorStatistics::PRIOR_PRODUCTIVE * applied)};
    return std::clamp(factor, ONE / 4, ONE * 4);
}

} // namespace

void MutatorStatistics::Tried(size_t mutator, bool applied)
{
    Count& count{counts.at(mutator)};
    ++count.tried;
    if (!applied) return;
    ++count.applied;
    ++count.recent_applied;
    if (Sum(counts, &Count::recent_applied) < RECENT) return;
    for (Count& each : counts) {
        each.recent_applied /= 2;
        each.recent_productive /= 2;
    }
}

void MutatorStatistics::BroughtFeatures(std::span<const size_t> mutators)
{
    for (const size_t mutator : mutators) {
        Count& count{counts.at(mutator)};
        ++count.productive;
        // The counts may have been halved after this mutator was applied and before its program is counted here. The
        // minimum keeps `recent_productive` at most `recent_applied`.
        count.recent_productive = std::min(count.recent_productive + 1, count.recent_applied);
    }
}

std::vector<uint32_t> MutatorStatistics::Weights() const
{
    const uint64_t applied{Sum(counts, &Count::recent_applied)};
    const uint64_t productive{Sum(counts, &Count::recent_productive)};
    const auto table{Mutators()};
    CHECK(counts.size() == table.size(), counts.size(), table.size());
    std::vector<uint32_t> weights;
    weights.reserve(counts.size());
    for (size_t i{0}; i < counts.size(); ++i) {
        weights.push_back(static_cast<uint32_t>(table[i].weight * Factor(counts[i], applied, productive)));
    }
    return weights;
}

MutatorStatistics NewMutatorStatistics() { return {std::vector<Count>(Mutators().size())}; }

std::string MutatorTable(const MutatorStatistics& statistics)
{
    const std::vector<uint32_t> weights{statistics.Weights()};
    std::vector<size_t> order(weights.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(
        order, [&](size_t a, size_t b) { return statistics.counts[a].productive > statistics.counts[b].productive; });
    std::ostringstream out;
    const auto line{[&out](std::string_view name, const auto&... columns) {
        out << std::left << std::setw(20) << name << std::right;
        ((out << std::setw(12) << columns), ...);
        out << '\n';
    }};
    line("mutator", "weight", "tried", "applied", "productive");
    for (const size_t id : order) {
        const Count& count{statistics.counts[id]};
        line(Mutators()[id].name, weights[id] / ONE, count.tried, count.applied, count.productive);
    }
    return std::move(out).str();
}

} // namespace mpfuzz::mutate
