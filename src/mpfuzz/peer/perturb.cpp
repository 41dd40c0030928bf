#include <mpfuzz/peer/perturb.h>

#include <algorithm>
#include <array>

namespace mpfuzz::peer {
namespace {

// Guesses, unmeasured: how often, how long, and into how many pieces at most.
constexpr uint64_t DELAY_ODDS{4};
constexpr uint64_t DROP_ODDS{32};
constexpr int64_t MAX_DELAY_MS{50};
constexpr size_t MAX_PIECES{64};
constexpr size_t SMALL_PIECE{7};

} // namespace

std::span<const PerturbationInfo> Perturbations()
{
    static constexpr std::array PERTURBATIONS{
        PerturbationInfo{Perturbation::DELAY, "delay", "holds some messages back for up to 50 ms"},
        PerturbationInfo{Perturbation::SPLIT, "split", "writes in small pieces"},
        PerturbationInfo{Perturbation::DROP, "drop", "now and then cuts the connection in the middle of a message"},
    };
    return PERTURBATIONS;
}

std::optional<Perturbation> FindPerturbation(std::string_view name)
{
    for (const PerturbationInfo& info : Perturbations()) {
        if (info.name == name) return info.kind;
    }
    return std::nullopt;
}

Passage PlanPassage(const std::vector<Perturbation>& kinds, size_t size, base::Rng& rng)
{
    const auto has{[&](Perturbation kind) { return std::ranges::count(kinds, kind) > 0; }};
    Passage passage;
    if (has(Perturbation::DELAY) && rng.OneIn(DELAY_ODDS))
        passage.hold = std::chrono::milliseconds{rng.Range(1, MAX_DELAY_MS)};
    if (has(Perturbation::DROP) && size > 1 && rng.OneIn(DROP_ODDS)) {
        passage.cut = true;
        size = 1 + rng.Below(size - 1);
    }
    if (!has(Perturbation::SPLIT)) {
        passage.pieces = {size};
        return passage;
    }
    const size_t largest{std::max(SMALL_PIECE, 2 * (size / MAX_PIECES + 1))};
    while (size > 0) {
        const size_t piece{1 + rng.Below(std::min(largest, size))};
        passage.pieces.push_back(piece);
        size -= piece;
    }
    return passage;
}

} // namespace mpfuzz::peer
