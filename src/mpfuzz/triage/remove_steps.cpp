#include <mpfuzz/triage/passes.h>

#include <mpfuzz/program/edit.h>

#include <algorithm>

namespace mpfuzz::triage {
namespace {

using program::Program;
using program::StepIndex;

Program Without(Program program, size_t begin, size_t end)
{
    program::RemoveSteps(program, static_cast<StepIndex>(begin), static_cast<StepIndex>(end));
    return program;
}

//! Tries to remove each group of `chunk` adjacent steps. @return True if any step was removed.
// It begins at the end, because removing a step may also remove later steps, but never earlier ones.
bool Sweep(Search& search, size_t chunk)
{
    bool accepted{false};
    for (size_t end{search.Current().steps.size()}; end > 0 && !search.Ended();) {
        const size_t begin{end - std::min(chunk, end)};
        Program candidate{Without(search.Current(), begin, end)};
        if (!candidate.steps.empty()) accepted |= search.Try(std::move(candidate));
        end = begin;
    }
    return accepted;
}

std::vector<StepIndex> Connections(const Program& program)
{
    std::vector<StepIndex> connections;
    for (StepIndex i{0}; i < program.steps.size(); ++i) {
        if (std::holds_alternative<program::Connect>(program.steps[i])) connections.push_back(i);
    }
    return connections;
}

//! Removes the steps that close a connection. @return False if there are none.
bool RemoveDisconnects(Program& program, StepIndex connection)
{
    const size_t size{program.steps.size()};
    for (size_t i{size}; i > 0; --i) {
        const auto* close{std::get_if<program::Disconnect>(&program.steps[i - 1])};
        if (close && close->connection == connection) program::RemoveStep(program, static_cast<StepIndex>(i - 1));
    }
    return program.steps.size() < size;
}

//! Tries to move all steps of connection number `from` to connection number `into`. Numbers begin at 0.
bool Merge(Search& search, size_t from, size_t into)
{
    const auto merge{[&](Program& candidate) {
        const std::vector<StepIndex> connections{Connections(candidate)};
        program::MergeConnections(candidate, connections[from], connections[into]);
    }};
    // After the merge, the connection would be closed before the moved steps. So first try without the steps that close
    // it.
    Program open_ended{search.Current()};
    if (RemoveDisconnects(open_ended, Connections(open_ended)[into])) {
        merge(open_ended);
        if (search.Try(std::move(open_ended))) return true;
    }
    return search.TryWith(merge);
}

//! Merges the last connection that can be merged into an earlier one. @return True if there was one.
bool MergeOne(Search& search)
{
    for (size_t from{Connections(search.Current()).size()}; from-- > 1;) {
        for (size_t into{0}; into < from && !search.Ended(); ++into) {
            if (Merge(search, from, into)) return true;
        }
    }
    return false;
}

} // namespace

void RemoveSteps(Search& search)
{
    for (size_t chunk{std::max<size_t>(search.Current().steps.size() / 2, 1)}; !search.Ended();) {
        const bool accepted{Sweep(search, chunk)};
        if (chunk == 1 && !accepted) return;
        chunk = std::max<size_t>(chunk / 2, 1);
    }
}

void MergeConnections(Search& search)
{
    while (MergeOne(search)) {
    }
}

} // namespace mpfuzz::triage
