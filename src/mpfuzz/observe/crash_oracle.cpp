#include <mpfuzz/observe/title.h>
#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

// Leaving with status 0 counts too: no client may make a server go away.
std::vector<std::string> JudgeCrash(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (ending.alive) return {};
    return {CrashTitle(ending)};
}

} // namespace mpfuzz::observe
