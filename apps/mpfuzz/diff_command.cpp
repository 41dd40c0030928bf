#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/display.h>
#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/engine/differ.h>
#include <mpfuzz/program/print.h>

#include <cstdio>
#include <iostream>

namespace mpfuzz::apps {
namespace {

constexpr int REPLAYS{5};

std::unique_ptr<engine::Differ> MakeDiffer(const Setup& first, const Setup& second,
                                           const std::vector<std::string>& words)
{
    return std::make_unique<engine::Differ>(first.limits, MakeSpec(first, {}), MakeSpec(second, words), RESTART_EVERY);
}

//! Run one program several times, each time on new targets.
int ReplayProgram(const program::Program& program, const Setup& first, const Setup& second,
                  const std::vector<std::string>& words)
{
    HandleSignals();
    const auto differ{MakeDiffer(first, second, words)};
    if (!observe::IsComparable(program, first.limits) || !differ->Supports(program)) {
        return Complain("this program cannot be compared: it must have one connection, calls of `deterministic` "
                        "methods only, and all calls in one queue (see [rules] of " +
                        first.file.path + ")");
    }
    std::optional<observe::Finding> shown;
    triage::Verdict verdict{.hits = 0, .tries = REPLAYS};
    for (int i{0}; i < REPLAYS; ++i) {
        auto runs{differ->RunBothFresh(program)};
        if (!runs) return Complain(runs.GetError().message);
        if (!runs->difference) continue;
        ++verdict.hits;
        shown = engine::Differ::FindingOf(program, std::move(*runs));
    }
    if (!shown) {
        std::printf("no difference in %d tries\n", REPLAYS);
        return EXIT_NOTHING_FOUND;
    }
    std::cout << Describe(shown->identity) << " (" << Describe(verdict) << ")\n\n"
              << program::Print(*first.schema, program) << '\n'
              << shown->details << std::endl;
    return EXIT_FINDINGS;
}

} // namespace

int DiffCommand(const DiffOptions& options, const Invocation& invocation)
{
    const auto first{LoadLiveSetup(options.first)};
    if (!first) return Complain(first.GetError().message);
    const auto alone{LoadLiveSetup(options.second)};
    if (!alone) return Complain(alone.GetError().message);
    if (first->schema->Hash() != alone->schema->Hash())
        std::fprintf(stderr, "the schemas differ: mpfuzz uses the schema of %s for both targets\n",
                     options.first.c_str());
    const auto second{LoadSecond(*first, options.second)};
    if (!second) return Complain(second.GetError().message);
    if (first->limits.deterministic.empty())
        return Complain(options.first + ": `deterministic` in [rules] lists no method, so there is nothing to compare; "
                                        "write for example deterministic = [\"Echo.*\"]");
    const auto time{ReadTimeOption(options.time)};
    if (!time) return Complain(time.GetError().message);
    const auto triage_time{ReadTimeOption(options.triage_time, "--triage-time")};
    if (!triage_time) return Complain(triage_time.GetError().message);
    if (!options.program.empty()) {
        std::string path{options.program};
        std::vector<std::string> words{invocation.extra};
        if (triage::IsFinding(path)) {
            const auto finding{triage::Load(path)};
            if (!finding) return Complain(finding.GetError().message);
            path = finding->SmallestProgramPath();
            auto found{TargetWords(finding->record, invocation.extra, options.trust)};
            if (!found) return Complain(options.program + ": " + found.GetError().message);
            words = std::move(*found);
        }
        const auto program{ReadProgram(*first->schema, path)};
        if (!program) return Complain(program.GetError().message);
        return ReplayProgram(*program, *first, *second, words);
    }
    engine::CampaignOptions campaign{.runs = options.runs,
                                     .time = *time,
                                     .max_findings = options.max_findings,
                                     .seed = options.seed,
                                     .triage_time = *triage_time,
                                     .out = options.out,
                                     .blueprint = MakeBlueprint(*first, options.first, options.seed, invocation),
                                     .signals = &CountSignals()};
    campaign.blueprint.other_toml = options.second;
    const engine::Subject subject{MakeSubject(*first, {})};
    const engine::CampaignWork work{
        .schema = *first->schema,
        .fuzz =
            [&](engine::WorkerContext& context) {
                auto differ{MakeDiffer(*first, *second, invocation.extra)};
                context.SetClose([&] { differ.reset(); });
                engine::SearchDifferences(context, subject, *differ);
            },
        .make_triage_runner = [&] { return MakeDiffer(*first, *second, invocation.extra); }};
    return RunCampaignAndReport(work, campaign,
                                {.json = options.json,
                                 .programs = true,
                                 .methods = false,
                                 .runs = "programs on both targets",
                                 .go_on = "mpfuzz triage " + QuoteWord(options.out) + " --trust"});
}

} // namespace mpfuzz::apps
