#include <mpfuzz/execute/death.h>

#include <poll.h>
#include <signal.h>

namespace mpfuzz::execute {

bool DiesWithin(const Target& target, std::chrono::milliseconds deadline)
{
    if (target.DeathFd() < 0) return false;
    pollfd descriptor{target.DeathFd(), POLLIN, 0};
    return poll(&descriptor, 1, static_cast<int>(deadline.count())) == 1;
}

void NoteDeath(const Target& target, const Exit& exit, trace::Ending& ending)
{
    ending.alive = false;
    ending.signal = exit.signal;
    ending.status = exit.status;
    ending.log_tail = target.LogTail();
    // An abort comes with words of its own; another signal has only its stack to be told by.
    const bool wordless{exit.signal != SIGABRT || target.LogSize() == 0};
    if (exit.signal && wordless) ending.log_tail += target.CrashStack();
}

} // namespace mpfuzz::execute
