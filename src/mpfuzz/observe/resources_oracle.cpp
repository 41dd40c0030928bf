#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

std::vector<std::string> JudgeResources(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.usage) return {};
    const auto& [baseline, peak, after]{*ending.usage};
    const trace::Overgrowth left{trace::OvergrowthOf(after, baseline, run.limits)};
    std::vector<std::string> titles;
    if (peak.threads > run.limits.peak_threads) titles.push_back("threads without limit");
    if (left.threads) titles.push_back("threads stay behind");
    if (left.descriptors) titles.push_back("descriptors stay behind");
    if (left.memory) titles.push_back("memory stays behind");
    return titles;
}

} // namespace mpfuzz::observe
