#include <mpfuzz/triage/reproduce.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/edit.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace mpfuzz::triage {
namespace {

//! The program, with steps at its end that close all connections which it leaves open.
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

//! The program, with steps at its end that do the same as the end of a run: await all calls, close all connections.
program::Program WithEnding(program::Program program)
{
    program.steps.emplace_back(program::Await{});
    return WithConnectionsClosed(std::move(program));
}

//! Joins all programs into one, which contains the whole sequence `times` times. Returns nullopt if it would be too
//! long.
std::optional<program::Program> Concatenate(std::span<const program::Program> programs, size_t times = 1)
{
    program::Program joined;
    for (size_t left{times}; left > 0; --left) {
        for (const program::Program& program : programs) {
            const bool is_last{left == 1 && &program == &programs.back()};
            const program::Program next{is_last ? program : WithEnding(program)};
            if (joined.steps.size() + next.steps.size() > program::MAX_STEPS) return std::nullopt;
            program::Append(joined, next);
        }
    }
    return joined;
}

//! Delays after which a call has arrived at the target, and a long call is still being executed. Guesses.
constexpr std::array<uint32_t, 2> DELAYS_MS{5, 50};

//! How often to repeat a program, for findings such as leaks that appear only after several runs. Guesses: the
//! `resources` oracle reports about ten leaked threads or descriptors.
constexpr std::array<size_t, 2> REPEATS{8, 32};
//! How often to repeat a selection, because some of its programs may not leak in every run. A guess.
constexpr size_t SELECTION_REPEATS{4};

//! Number of steps of the longest program of which variants are made, because the time to make one grows with the
//! square of the number of steps. A guess.
constexpr size_t MAX_VARIED{2'000};

//! Variants of a program whose result depends less on timing, or on how long the end of the run waits for answers.
std::vector<program::Program> SteadierVariants(const program::Program& program)
{
    std::vector<program::Program> variants;
    if (program.steps.size() > MAX_VARIED) return variants;
    const auto add{[&](std::optional<program::Program> variant) {
        if (variant && variant->steps.size() <= program::MAX_STEPS) variants.push_back(std::move(*variant));
    }};
    add(program::AwaitEach(program));
    for (const uint32_t ms : DELAYS_MS) add(program::DelayGivingUp(program, ms));
    const auto closed{WithConnectionsClosed(program)};
    if (closed == program) return variants;
    add(closed);
    if (closed.steps.size() <= program::MAX_STEPS) add(program::DelayGivingUp(closed, DELAYS_MS[0]));
    return variants;
}

//! The program that shows the finding most often, among a reproducer and its variants.
Reproducer MostReliable(Replayer& replayer, Reproducer best, int tries)
{
    if (IsAlways(best.verdict)) return best;
    for (program::Program& variant : SteadierVariants(best.program)) {
        if (IsAlways(best.verdict) || replayer.IsOver()) break;
        const Verdict steadier{replayer.Replay(variant, tries)};
        if (IsBetter(steadier, best.verdict)) best = {std::move(variant), steadier, best.programs};
    }
    return best;
}

//! Programs that are joined into one, and how often the sequence is repeated.
struct Choice {
    std::span<const program::Program> programs;
    size_t times{1};
};

//! The choices for findings that need several runs, such as leaks: the last program repeated, and the selections.
std::vector<Choice> RepeatedChoices(const Past& past)
{
    std::vector<Choice> choices;
    for (const size_t times : REPEATS) choices.push_back({std::span{past.history}.last(1), times});
    for (const auto& selection : past.selections) {
        if (selection.empty()) continue;
        choices.push_back({selection, 1});
        choices.push_back({selection, SELECTION_REPEATS});
    }
    return choices;
}

//! The first choice that always shows the finding. If there is none, the one that shows it most often; nullopt if none
//! shows it.
std::optional<Reproducer> TryChoices(Replayer& replayer, const Past& past, int tries)
{
    std::optional<Reproducer> best;
    for (const auto& [programs, times] : RepeatedChoices(past)) {
        if (replayer.IsOver()) break;
        auto candidate{Concatenate(programs, times)};
        // Usually no choice shows the finding, so a choice is rejected after one run that does not show it.
        if (!candidate || replayer.Replay(*candidate, 1).hits == 0) continue;
        const Verdict verdict{replayer.Replay(*candidate, tries)};
        if (verdict.hits == 0 || (best && !IsBetter(verdict, best->verdict))) continue;
        best = Reproducer{std::move(*candidate), verdict, programs.size() * times};
        if (IsAlways(verdict)) break;
    }
    return best;
}

} // namespace

std::string Describe(const Verdict& verdict)
{
    if (verdict.tries == 0) return "not yet replayed";
    if (verdict.hits == 0) return "once";
    if (IsAlways(verdict)) return "always";
    return "flaky " + std::to_string(verdict.hits) + "/" + std::to_string(verdict.tries);
}

Verdict Replayer::Replay(const program::Program& program, int tries)
{
    Verdict verdict;
    while (verdict.tries < tries && !m_failure && (verdict.tries == 0 || !IsStopped())) {
        auto findings{m_run(program)};
        ++m_runs;
        if (!findings) {
            m_failure = findings.GetError();
            break;
        }
        const auto hit{std::ranges::find(*findings, m_identity, &observe::Finding::identity)};
        ++verdict.tries;
        if (hit == findings->end()) continue;
        ++verdict.hits;
        m_shown = std::move(*hit);
    }
    return verdict;
}

Reproducer FindReproducer(Replayer& replayer, const Past& past, int tries)
{
    const std::span<const program::Program> history{past.history};
    CHECK(!history.empty());
    CHECK(tries > 0, tries);
    Verdict never{.hits = 0, .tries = 0};
    for (size_t count{1};; count = std::min(2 * count, history.size())) {
        auto candidate{Concatenate(history.last(count))};
        if (!candidate) break;
        const Verdict verdict{replayer.Replay(*candidate, tries)};
        if (verdict.hits > 0) {
            return MostReliable(replayer, {std::move(*candidate), verdict, count}, tries);
        }
        if (replayer.IsOver()) break;
        if (count == 1) {
            never = verdict;
            auto choice{TryChoices(replayer, past, tries)};
            if (choice) return MostReliable(replayer, std::move(*choice), tries);
        }
        if (count == history.size()) break;
    }
    return {history.back(), never, 1};
}

} // namespace mpfuzz::triage
