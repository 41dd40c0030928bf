#include <mpfuzz/triage/remove_steps.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/search.h>

#include <algorithm>

namespace mpfuzz::triage {
namespace {

program::Program Without(program::Program program, size_t begin, size_t end)
{
    program::RemoveSteps(program, static_cast<program::StepIndex>(begin), static_cast<program::StepIndex>(end));
    return program;
}

//! True where anything was removed. What is left to try after a candidate lies in front of it, whether it was taken or
//! not: removing a step removes only later ones with it.
bool Sweep(Search& search, size_t chunk)
{
    bool taken{false};
    for (size_t end{search.Current().steps.size()}; end > 0 && !search.Ended();) {
        const size_t begin{end - std::min(chunk, end)};
        program::Program candidate{Without(search.Current(), begin, end)};
        if (!candidate.steps.empty()) taken |= search.Try(std::move(candidate));
        end = begin;
    }
    return taken;
}

} // namespace

void RemoveSteps(Search& search)
{
    for (size_t chunk{std::max<size_t>(search.Current().steps.size() / 2, 1)}; !search.Ended();) {
        const bool taken{Sweep(search, chunk)};
        if (chunk == 1 && !taken) return;
        chunk = std::max<size_t>(chunk / 2, 1);
    }
}

} // namespace mpfuzz::triage
