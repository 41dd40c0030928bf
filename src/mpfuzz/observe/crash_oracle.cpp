#include <mpfuzz/observe/title.h>
#include <mpfuzz/observe/verdicts.h>

namespace mpfuzz::observe {

namespace {

//! The program told it to end, and it did so in order.
bool EndedAsTold(const trace::Ending& ending)
{
    return ending.asked_to_shut_down && (ending.status == 0 || ending.signal == ending.asked_to_shut_down);
}

} // namespace

// Leaving with status 0 counts too, unless told to: no client may make a server go away.
std::vector<std::string> JudgeCrash(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (ending.alive || EndedAsTold(ending)) return {};
    return {CrashTitle(ending)};
}

} // namespace mpfuzz::observe
