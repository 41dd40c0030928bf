#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

std::vector<std::string> JudgeUnkillable(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.past_shutdown_deadline) return {};
    return {"the target does not end after signal " + std::to_string(ending.asked_to_shut_down.value_or(0))};
}

} // namespace mpfuzz::observe
