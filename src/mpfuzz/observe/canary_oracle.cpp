#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

// A target that does not respond at all, or has been told to end, disturbs its other clients too, which is then not
// news.
std::vector<std::string> JudgeCanary(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.responsive || ending.asked_to_shut_down) return {};
    switch (ending.canary) {
    case trace::Canary::WELL: return {};
    case trace::Canary::SLOW: return {"another client has to wait"};
    case trace::Canary::LOST: return {"another client loses its connection"};
    }
    return {};
}

} // namespace mpfuzz::observe
