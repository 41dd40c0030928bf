#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

// One title for all: what the target was doing when it went silent differs from run to run, and a method named
// by guess would make many findings of one bug.
std::vector<std::string> JudgeUnresponsive(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || ending.responsive || ending.asked_to_shut_down) return {};
    return {"a fresh connection gets no bootstrap"};
}

} // namespace mpfuzz::observe
