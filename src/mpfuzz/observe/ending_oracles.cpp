// The oracles that judge the state of the target after a program.
#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/oracles.h>
#include <mpfuzz/observe/title.h>

#include <algorithm>

namespace mpfuzz::observe {
namespace {

// Largest length of the reason that the target gave, in a title. A guess.
constexpr size_t MAX_REASON{120};

//! True if the program asked the target to shut down, and the target ended with status 0 or by that signal.
bool ShutDownAsAsked(const trace::Ending& ending)
{
    return ending.asked_to_shut_down && (ending.status == 0 || ending.signal == ending.asked_to_shut_down);
}

} // namespace

// An exit with status 0 is a finding too, unless the program asked for it: a client must not be able to end a server.
std::vector<Problem> JudgeCrash(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (ending.alive || ShutDownAsAsked(ending)) return {};
    return {{CrashTitle(ending)}};
}

// All findings have the same title. The method that made the target stop responding is not known, and a title with a
// guessed method would turn one bug into many findings.
std::vector<Problem> JudgeUnresponsive(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || ending.responsive || ending.asked_to_shut_down) return {};
    // If the target closed the fresh connection, that is a finding of kind `protocol`.
    if (std::ranges::any_of(ending.closed, [](const auto& closing) { return !closing.connection; })) return {};
    return {{"a fresh connection gets no bootstrap"}};
}

std::vector<Problem> JudgeUnkillable(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.past_shutdown_deadline) return {};
    return {{"the target does not end after signal " + std::to_string(ending.asked_to_shut_down.value_or(0))}};
}

// If the target is unresponsive or shutting down, it does not serve other clients either: that is no separate finding.
std::vector<Problem> JudgeCanary(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.responsive || ending.asked_to_shut_down) return {};
    switch (ending.canary) {
    case trace::Canary::WELL: return {};
    case trace::Canary::SLOW: return {{"another client has to wait"}};
    case trace::Canary::LOST: return {{"another client loses its connection"}};
    }
    return {};
}

std::vector<Problem> JudgeProtocol(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || ending.asked_to_shut_down) return {};
    std::vector<Problem> problems;
    for (const trace::Closing& closing : ending.closed) {
        std::string title{"the target closes a connection"};
        if (!closing.reason.empty()) title += ": " + OneLine(NormalizeWords(closing.reason), MAX_REASON);
        if (std::ranges::count(problems, title, &Problem::title) == 0) problems.push_back({std::move(title)});
    }
    return problems;
}

std::vector<Problem> JudgeResources(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || !ending.usage) return {};
    const trace::Overgrowth left{trace::OvergrowthOf(*ending.usage, run.limits)};
    std::vector<Problem> problems;
    if (ending.usage->peak.threads > run.limits.peak_threads) problems.push_back({"threads without limit"});
    if (left.threads) problems.push_back({"threads stay behind"});
    if (left.descriptors) problems.push_back({"descriptors stay behind"});
    if (left.memory) problems.push_back({"memory stays behind"});
    return problems;
}

} // namespace mpfuzz::observe
