#include <mpfuzz/engine/keeper.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/digest.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/triage/minimize.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

// Enough for a program of some thirty steps to become 1-minimal where each rerun takes milliseconds; where the
// target takes seconds to start, or the finding is a hang, the time limit ends it. Guesses, unmeasured.
constexpr size_t MAX_MINIMIZE_RERUNS{1'000};
constexpr std::chrono::seconds MAX_MINIMIZE_TIME{30};
// For looking how often a finding comes back. A hang may take its program's whole deadline each time. Guess,
// unmeasured.
constexpr std::chrono::seconds MAX_REPRODUCE_TIME{90};

//! Sightings of a finding that are looked into until one of them always comes back; guess, unmeasured.
constexpr uint64_t MAX_INVESTIGATIONS{5};

//! Tries for a candidate of a finding that does not always come back; guess, unmeasured.
constexpr int FLAKY_TRIES{3};

std::string IsoTime()
{
    const std::time_t now{std::time(nullptr)};
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

} // namespace

Keeper::Keeper(const schema::Schema& schema, Harness& harness, SharedState& shared, KeeperOptions options,
               std::function<void(const Sighting&)> on_sighting)
    : m_schema{schema}, m_harness{harness}, m_shared{shared}, m_options{std::move(options)}, m_on_sighting{
                                                                                                 std::move(on_sighting)}
{
}

base::Status Keeper::Keep(const observe::Finding& finding)
{
    const triage::Identity identity{triage::IdentityOf(finding)};
    // Stored first: whatever happens while it is replayed, it is not lost.
    const auto saved{Store(finding, identity)};
    if (!saved) return saved.GetError();
    auto mine{std::ranges::find(m_mine, identity, &Sighting::identity)};
    const bool is_new{mine == m_mine.end() &&
                      m_shared.ClaimFinding(base::Digest64(identity.kind + "\n" + identity.title))};
    if (is_new) mine = m_mine.insert(mine, {identity, saved->directory, 1, {}, finding.program.steps.size()});
    if (mine == m_mine.end()) {
        // Another worker's to look into.
        m_on_sighting({identity, saved->directory, saved->occurrences, {}, finding.program.steps.size()});
        return base::Ok();
    }
    mine->occurrences = saved->occurrences;
    // One that does not always come back may have met a better program by now.
    const bool certain{!is_new && mine->verdict.hits == mine->verdict.tries};
    base::Status status{base::Ok()};
    if (is_new || (!certain && mine->occurrences <= MAX_INVESTIGATIONS)) status = Investigate(*mine, finding);
    if (is_new) m_shared.CountFinding();
    if (status) m_on_sighting(*mine);
    return status;
}

base::Result<triage::Saved> Keeper::Store(const observe::Finding& finding, const triage::Identity& identity)
{
    const auto known{triage::CountSighting(m_options.findings, identity, IsoTime())};
    if (!known) return known.GetError();
    if (*known > 0) return triage::Saved{m_options.findings + "/" + triage::DirectoryName(identity), *known};

    triage::Record record{m_options.blueprint};
    record.identity = identity;
    record.program = program::Print(m_schema, finding.program);
    record.trace = trace::Print(m_schema, finding.program, finding.trace);
    record.target_log = finding.trace.ending.last_words;
    if (!finding.trace.ending.stacks.empty()) record.target_log += "\n" + finding.trace.ending.stacks;
    record.time = IsoTime();
    auto saved{triage::Save(m_options.findings, record)};
    if (saved) return saved;
    // The disk refuses; the terminal is what is left to keep it.
    return base::Error{saved.GetError().message + "\nThe finding that could not be stored is `" + identity.title +
                       "`, shown by:\n" + record.program};
}

triage::Rerun Keeper::MakeRerun()
{
    return [this](const program::Program& program) {
        auto findings{m_harness.RunFresh(program)};
        return findings ? std::move(*findings) : std::vector<observe::Finding>{};
    };
}

triage::Minimized Keeper::MinimizeReproducer(const triage::Reproducer& reproducer, const triage::Identity& identity)
{
    const triage::Rerun rerun{MakeRerun()};
    const int tries{reproducer.verdict.hits == reproducer.verdict.tries ? 1 : FLAKY_TRIES};
    const auto end{Clock::now() + MAX_MINIMIZE_TIME};
    const auto still_fails{[&](const program::Program& candidate) {
        if (IsStopped() || Clock::now() > end) return false;
        for (int i{0}; i < tries; ++i) {
            if (triage::Reproduce(rerun, candidate, identity, 1).hits > 0) return true;
        }
        return false;
    }};
    return triage::Minimize(m_schema, reproducer.program, still_fails, {.max_reruns = MAX_MINIMIZE_RERUNS});
}

base::Status Keeper::Investigate(Sighting& sighting, const observe::Finding& finding)
{
    const triage::Identity& identity{sighting.identity};
    const triage::Rerun rerun{MakeRerun()};
    const std::vector<program::Program> history{m_harness.History().begin(), m_harness.History().end()};
    CHECK(!history.empty() && history.back() == finding.program);
    const auto end{Clock::now() + MAX_REPRODUCE_TIME};
    const triage::GiveUp give_up{[&] { return IsStopped() || Clock::now() > end; }};
    auto reproducer{triage::FindReproducer(rerun, history, identity, m_options.replays, give_up)};
    triage::Minimized minimized{reproducer.program};
    if (reproducer.verdict.hits > 0) {
        minimized = MinimizeReproducer(reproducer, identity);
        const triage::Verdict verdict{
            triage::Reproduce(rerun, minimized.program, identity, reproducer.verdict.tries, give_up)};
        // A shorter program that shows it less often is no better.
        if (verdict.hits * reproducer.verdict.tries >= reproducer.verdict.hits * verdict.tries)
            reproducer.verdict = verdict;
        else
            minimized.program = reproducer.program;
    }
    if (sighting.verdict.tries > 0 && reproducer.verdict.hits <= sighting.verdict.hits) return base::Ok();
    sighting.verdict = reproducer.verdict;
    sighting.steps = minimized.program.steps.size();
    return triage::SaveMinimal(sighting.directory, program::Print(m_schema, minimized.program), reproducer.verdict);
}

} // namespace mpfuzz::engine
