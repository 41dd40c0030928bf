#include <mpfuzz/triage/reproduce.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>
#include <set>

namespace mpfuzz::triage {
namespace {

//! The program and the closing of what it leaves open, which the end of its run did unasked.
program::Program WithConnectionsClosed(program::Program program)
{
    std::set<program::StepIndex> open;
    for (program::StepIndex index{0}; index < program.steps.size(); ++index) {
        if (std::holds_alternative<program::Connect>(program.steps[index])) open.insert(index);
        if (const auto* close{std::get_if<program::Disconnect>(&program.steps[index])}) open.erase(close->connection);
    }
    for (const program::StepIndex connection : open) {
        program.steps.emplace_back(
            program::Disconnect{.connection = connection, .how = program::Disconnect::How::CLEAN});
    }
    return program;
}

//! The last `count` programs as one; nothing where that is more than a program may hold.
std::optional<program::Program> Concatenate(std::span<const program::Program> history, size_t count)
{
    program::Program joined;
    for (const program::Program& program : history.last(count)) {
        const bool is_last{&program == &history.back()};
        const program::Program next{is_last ? program : WithConnectionsClosed(program)};
        if (joined.steps.size() + next.steps.size() > program::MAX_STEPS) return std::nullopt;
        program::Append(joined, next);
    }
    return joined;
}

bool IsBetter(const Verdict& a, const Verdict& b) { return a.hits * b.tries > b.hits * a.tries; }

} // namespace

Identity IdentityOf(const observe::Finding& finding) { return {finding.kind, finding.title}; }

std::string Describe(const Verdict& verdict)
{
    if (verdict.hits == 0) return "once";
    if (verdict.hits == verdict.tries) return "always";
    return "flaky " + std::to_string(verdict.hits) + "/" + std::to_string(verdict.tries);
}

Verdict Reproduce(const Rerun& rerun, const program::Program& program, const Identity& identity, int tries,
                  const GiveUp& give_up)
{
    Verdict verdict;
    while (verdict.tries < tries && (verdict.tries == 0 || !give_up || !give_up())) {
        const std::vector<observe::Finding> findings{rerun(program)};
        const bool hit{std::any_of(findings.begin(), findings.end(),
                                   [&](const observe::Finding& finding) { return IdentityOf(finding) == identity; })};
        ++verdict.tries;
        verdict.hits += hit;
    }
    return verdict;
}

Reproducer FindReproducer(const Rerun& rerun, std::span<const program::Program> history, const Identity& identity,
                          int tries, const GiveUp& give_up)
{
    CHECK(!history.empty());
    CHECK(tries > 0, tries);
    Verdict never{.hits = 0, .tries = 0};
    for (size_t count{1};; count = std::min(2 * count, history.size())) {
        auto candidate{Concatenate(history, count)};
        if (!candidate) break;
        const Verdict verdict{Reproduce(rerun, *candidate, identity, tries, give_up)};
        if (verdict.hits == verdict.tries) return {std::move(*candidate), verdict, count};
        if (verdict.hits > 0) {
            auto awaited{program::AwaitEach(*candidate)};
            const Verdict calmer{awaited ? Reproduce(rerun, *awaited, identity, tries, give_up) : Verdict{}};
            if (IsBetter(calmer, verdict)) return {std::move(*awaited), calmer, count};
            return {std::move(*candidate), verdict, count};
        }
        if (count == 1) never = verdict;
        if (give_up && give_up()) break;
        if (count == history.size()) break;
    }
    return {history.back(), never, 1};
}

} // namespace mpfuzz::triage
