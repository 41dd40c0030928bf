#include <mpfuzz/triage/merge_connections.h>

#include <mpfuzz/program/edit.h>
#include <mpfuzz/triage/search.h>

namespace mpfuzz::triage {
namespace {

using program::Program;
using program::StepIndex;

std::vector<StepIndex> Connections(const Program& program)
{
    std::vector<StepIndex> connections;
    for (StepIndex i{0}; i < program.steps.size(); ++i) {
        if (std::holds_alternative<program::Connect>(program.steps[i])) connections.push_back(i);
    }
    return connections;
}

//! Remove the steps that close a connection, which are all later than it. @return False where there are none.
bool RemoveDisconnects(Program& program, StepIndex connection)
{
    const size_t size{program.steps.size()};
    for (size_t i{size}; i > 0; --i) {
        const auto* close{std::get_if<program::Disconnect>(&program.steps[i - 1])};
        if (close && close->connection == connection) program::RemoveStep(program, static_cast<StepIndex>(i - 1));
    }
    return program.steps.size() < size;
}

//! Try to move the connection number `from` onto number `into`, counted from 0.
bool Merge(Search& search, size_t from, size_t into)
{
    const auto merge{[&](Program& candidate) {
        const std::vector<StepIndex> connections{Connections(candidate)};
        program::MergeConnections(candidate, connections[from], connections[into]);
    }};
    // A connection's end in the middle would cut off what comes after it: leave that out, or keep all.
    Program open_ended{search.Current()};
    if (RemoveDisconnects(open_ended, Connections(open_ended)[into])) {
        merge(open_ended);
        if (search.Try(std::move(open_ended))) return true;
    }
    return search.TryWith(merge);
}

//! True where the last connection that can go onto an earlier one has.
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

void MergeConnections(Search& search)
{
    while (MergeOne(search)) {
    }
}

} // namespace mpfuzz::triage
