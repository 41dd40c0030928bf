#include <mpfuzz/engine/statistics.h>

#include <mpfuzz/observe/excuses.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace mpfuzz::engine {
namespace {

//! Pad each cell to the width of its column. The first column is aligned left, the others right.
std::string Align(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (size_t i{0}; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows) {
        for (size_t i{0}; i < row.size(); ++i) {
            const std::string padding(widths[i] - row[i].size(), ' ');
            out += i == 0 ? row[i] + padding : "  " + padding + row[i];
        }
        out += '\n';
    }
    return out;
}

} // namespace

uint64_t MethodCounts::Exceptions() const { return std::accumulate(exceptions.begin(), exceptions.end(), uint64_t{0}); }

void MethodCounts::Add(const MethodCounts& other)
{
    calls += other.calls;
    answered += other.answered;
    for (size_t i{0}; i < exceptions.size(); ++i) exceptions[i] += other.exceptions[i];
    provoked += other.provoked;
    unanswered += other.unanswered;
    cancelled += other.cancelled;
    not_sent += other.not_sent;
}

void Statistics::Count(const program::Program& program, const trace::Trace& trace)
{
    ++programs;
    for (size_t i{0}; i < program.steps.size(); ++i) {
        const auto* call{std::get_if<program::Call>(&program.steps[i])};
        const trace::Outcome& outcome{trace.outcomes[i]};
        if (!call || outcome.status == trace::Status::SKIPPED) continue;
        MethodCounts& counts{methods[call->method]};
        ++counts.calls;
        switch (outcome.status) {
        case trace::Status::ANSWERED: ++counts.answered; break;
        case trace::Status::EXCEPTION:
            ++counts.exceptions[static_cast<size_t>(outcome.exception)];
            if (outcome.exception == trace::ExceptionKind::DISCONNECTED)
                counts.provoked += observe::ProvokedDisconnect(program, trace, static_cast<program::StepIndex>(i));
            break;
        case trace::Status::UNANSWERED: ++counts.unanswered; break;
        case trace::Status::CANCELLED: ++counts.cancelled; break;
        case trace::Status::LOCAL: ++counts.not_sent; break;
        case trace::Status::SKIPPED:
        case trace::Status::DONE: break;
        }
    }
}

void Statistics::Add(const Statistics& other)
{
    programs += other.programs;
    restarts += other.restarts;
    for (const auto& [method, counts] : other.methods) methods[method].Add(counts);
}

MethodCounts Statistics::Total() const
{
    MethodCounts total;
    for (const auto& [_, counts] : methods) total.Add(counts);
    return total;
}

size_t Statistics::MethodsReached() const { return methods.size(); }

std::string MethodTable(const schema::Schema& schema, const Statistics& statistics)
{
    std::vector<std::vector<std::string>> rows{{"method", "calls", "answered", "failed", "overloaded", "disconnected",
                                                "provoked", "unimplemented", "unanswered", "cancelled", "not sent"}};
    const auto row{[&](const std::string& name, const MethodCounts& counts) {
        std::vector<std::string> cells{name, std::to_string(counts.calls), std::to_string(counts.answered)};
        const auto& [failed, overloaded, disconnected, unimplemented]{counts.exceptions};
        for (const uint64_t count : {failed, overloaded, disconnected, counts.provoked, unimplemented,
                                     counts.unanswered, counts.cancelled, counts.not_sent})
            cells.push_back(std::to_string(count));
        rows.push_back(std::move(cells));
    }};
    for (const auto& [ref, counts] : statistics.methods) row(schema.MethodName(ref), counts);
    row("total", statistics.Total());
    return Align(rows);
}

std::string MethodsJson(const schema::Schema& schema, const Statistics& statistics)
{
    nlohmann::ordered_json methods = nlohmann::ordered_json::object();
    for (const auto& [ref, counts] : statistics.methods) {
        methods[schema.MethodName(ref)] = {{"calls", counts.calls},
                                           {"answered", counts.answered},
                                           {"failed", counts.exceptions[0]},
                                           {"overloaded", counts.exceptions[1]},
                                           {"disconnected", counts.exceptions[2]},
                                           {"disconnected_by_mpfuzz", counts.provoked},
                                           {"unimplemented", counts.exceptions[3]},
                                           {"unanswered", counts.unanswered},
                                           {"cancelled", counts.cancelled},
                                           {"not_sent", counts.not_sent}};
    }
    return methods.dump(2);
}

} // namespace mpfuzz::engine
