#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

std::vector<std::string> JudgeUnkillable(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.overstayed) return {};
    return {"the target does not end after signal " + std::to_string(ending.told_to_end.value_or(0))};
}

} // namespace mpfuzz::observe
