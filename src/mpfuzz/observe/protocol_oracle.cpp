#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/verdicts.h>

#include <algorithm>

namespace mpfuzz::observe {
namespace {

// Of the target's reason in a title; guess.
constexpr size_t MAX_REASON{120};

} // namespace

std::vector<std::string> JudgeProtocol(const Case& run)
{
    const trace::Ending& ending{run.trace.ending};
    if (!ending.alive || ending.asked_to_shut_down) return {};
    std::vector<std::string> titles;
    for (const trace::Closing& closing : ending.closed) {
        std::string title{"the target closes a connection"};
        if (!closing.reason.empty()) title += ": " + OneLine(NormalizeWords(closing.reason), MAX_REASON);
        if (std::ranges::count(titles, title) == 0) titles.push_back(std::move(title));
    }
    return titles;
}

} // namespace mpfuzz::observe
