#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/duration.h>
#include <apps/mpfuzz/finding_line.h>
#include <apps/mpfuzz/plot_file.h>
#include <apps/mpfuzz/run_driver.h>
#include <apps/mpfuzz/status_line.h>
#include <mpfuzz/base/check.h>
#include <mpfuzz/engine/campaign.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::string target;
    std::string time;
    std::optional<uint64_t> runs;
    std::optional<uint64_t> max_findings;
    uint64_t seed{1};
    unsigned jobs{1};
    std::string guidance{"coverage"};
    std::string out{"out"};
    std::string corpus;
    std::string driver;
    std::vector<std::string> only;
    bool json{false};
};

const std::map<std::string, engine::Guidance> GUIDANCE{{"coverage", engine::Guidance::COVERAGE},
                                                       {"outcomes", engine::Guidance::OUTCOMES},
                                                       {"none", engine::Guidance::NONE}};

// The C signal handler's one static.
std::atomic<bool> g_stop{false};

void Stop(int)
{
    // The second Ctrl-C does not wait for the running program; the janitor cleans up.
    if (g_stop.exchange(true)) _exit(EXIT_USER_MISTAKE);
}

void PrintFinding(const engine::FindingReport& finding)
{
    std::fprintf(stderr, "found %s: %s\n      %s, %zu steps: %s\n", finding.identity.kind.c_str(),
                 finding.identity.title.c_str(), triage::Describe(finding.verdict).c_str(), finding.steps,
                 finding.directory.c_str());
}

void PrintTotals(const engine::Progress& progress)
{
    const auto& statistics{progress.statistics};
    const double seconds{std::chrono::duration<double>(progress.elapsed).count()};
    const uint64_t calls{statistics.Total().calls};
    std::printf("%llu programs and %llu calls in %.1f s: %.0f programs/s, %.0f calls/s; the target was restarted %llu "
                "times\n",
                static_cast<unsigned long long>(statistics.programs), static_cast<unsigned long long>(calls), seconds,
                static_cast<double>(statistics.programs) / seconds, static_cast<double>(calls) / seconds,
                static_cast<unsigned long long>(statistics.restarts));
    std::printf("%zu edges of the target, %zu features in all\n", progress.edges, progress.features);
}

void PrintSummary(const Setup& setup, const engine::CampaignResult& result, const Options& options)
{
    const engine::Progress& progress{result.progress};
    if (options.json) {
        std::cout << engine::StatisticsJson(*setup.schema, progress.statistics) << '\n';
        return;
    }
    std::cout << engine::MethodTable(*setup.schema, progress.statistics) << '\n';
    if (GUIDANCE.at(options.guidance) != engine::Guidance::NONE && !progress.mutators.counts.empty())
        std::cout << mutate::MutatorTable(progress.mutators) << '\n';
    std::cout.flush();
    PrintTotals(progress);
    if (result.findings.empty()) std::printf("no findings\n");
    for (const auto& finding : result.findings) std::printf("%s\n", FindingLine(finding).c_str());
}

base::Result<engine::CampaignOptions> ReadOptions(const Options& options, const Setup& setup,
                                                  const Invocation& invocation)
{
    engine::CampaignOptions campaign{.runs = options.runs, .time = {}, .max_findings = options.max_findings};
    if (!options.time.empty()) {
        campaign.time = ParseDuration(options.time);
        if (!campaign.time)
            return base::Error{"--time " + options.time + ": a time such as 30s, 10m or 2h was expected"};
    }
    campaign.guidance = GUIDANCE.at(options.guidance);
    campaign.seed = options.seed;
    campaign.jobs = options.jobs;
    campaign.corpus = options.corpus.empty() ? options.out + "/corpus" : options.corpus;
    campaign.logs = options.out + "/logs";
    campaign.keeping.stop = &g_stop;
    campaign.keeping.findings = options.out + "/findings";
    triage::Record& blueprint{campaign.keeping.blueprint};
    blueprint.schema_hash = setup.schema->Hash();
    blueprint.seed = options.seed;
    blueprint.target_toml = options.target;
    blueprint.extra_arguments = invocation.extra;
    blueprint.command_line = invocation.words;
    blueprint.version = VERSION;
    return campaign;
}

int Run(const Options& options, const Invocation& invocation)
{
    const auto setup{LoadSetup(options.target, options.only)};
    if (!setup) return Complain(setup.GetError().message);
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    if (error) return Complain(options.out + ": cannot be made: " + error.message());
    const auto campaign{ReadOptions(options, *setup, invocation)};
    if (!campaign) return Complain(campaign.GetError().message);

    std::signal(SIGINT, Stop);
    std::signal(SIGTERM, Stop);
    std::signal(SIGPIPE, SIG_IGN);
    if (!options.driver.empty()) {
        return RunWithDriver(*setup, options.driver, invocation.extra,
                             {.seed = options.seed,
                              .runs = campaign->runs,
                              .time = campaign->time,
                              .max_findings = campaign->max_findings,
                              .keeping = campaign->keeping,
                              .scratch = {}});
    }
    StatusLine status{setup->schema->MatchMethods("*").size()};
    PlotFile plot{options.out + "/plot.csv"};
    const engine::Subject subject{MakeSubject(*setup, invocation.extra)};
    const auto result{engine::RunCampaign(subject, *campaign,
                                          {.on_progress =
                                               [&](const engine::Progress& progress) {
                                                   status.Tick(progress);
                                                   plot.Tick(progress);
                                               },
                                           .on_finding =
                                               [&](const engine::FindingReport& finding) {
                                                   status.Clear();
                                                   PrintFinding(finding);
                                               },
                                           .on_note =
                                               [&](const std::string& note) {
                                                   status.Clear();
                                                   std::fprintf(stderr, "%s\n", note.c_str());
                                               }})};
    status.Clear();
    if (!result) return Complain(result.GetError().message);
    plot.Finish(result->progress);
    PrintSummary(*setup, *result, options);
    if (result->own_bugs > 0) return base::EXIT_OWN_BUG;
    return result->findings.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

} // namespace

void AddRunCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("run", "Fuzz a target until time, runs or Ctrl-C end it")};
    auto options{std::make_shared<Options>()};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("--time", options->time, "How long, such as 30s, 10m or 2h");
    command->add_option("--runs", options->runs, "How many programs, by all jobs together");
    command->add_option("--max-findings", options->max_findings, "End after so many distinct findings that come back")
        ->check(CLI::PositiveNumber);
    command->add_option("--jobs", options->jobs, "Worker processes, each with a target of its own")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Which programs")->capture_default_str();
    command
        ->add_option("--guidance", options->guidance,
                     "What decides which programs are kept and changed: `coverage` of the target's own code (where it "
                     "has the agent; see docs/howto/instrument-a-target.md) and how calls end, `outcomes` for the "
                     "latter alone, `none` to make every program anew")
        ->check(CLI::IsMember(GUIDANCE))
        ->capture_default_str();
    command->add_option("--out", options->out, "Where everything goes: findings/, corpus/, logs/, plot.csv")
        ->capture_default_str();
    command->add_option(
        "--corpus", options->corpus,
        "Directory with programs to start from, to which new ones are added; OUT/corpus where not given");
    command->add_option("--only", options->only,
                        "Aim at methods that match this, such as 'Mining.*'; what they need is called too");
    auto* const json{command->add_flag("--json", options->json, "The summary for scripts")};
    command
        ->add_option(
            "--driver", options->driver,
            "Make no programs: run this one of target.toml's [drivers] again and again, with another seed each "
            "time")
        ->excludes("--jobs", "--guidance", "--corpus", "--only", json);
    command->footer("Words after -- are appended to the target's command line. Examples:\n"
                    "  mpfuzz run targets/model_node/target.toml --time 60s --jobs 2\n"
                    "  mpfuzz run targets/model_node/target.toml --runs 1000 --seed 3 -- --bug option-range\n"
                    "  mpfuzz run fuzz_interface/target.toml --driver typed --runs 10");
    command->callback(
        [options, &invocation] { invocation.chosen = [options, &invocation] { return Run(*options, invocation); }; });
}

} // namespace mpfuzz::apps
