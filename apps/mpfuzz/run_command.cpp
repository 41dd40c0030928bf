#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/display.h>
#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/engine/driver.h>

#include <algorithm>
#include <atomic>
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
    std::printf("%zu edges of the target, %zu features in total\n", progress.edges, progress.features);
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
                                                  const Invocation& invocation, const std::atomic<bool>& stop)
{
    const auto time{ReadTimeOption(options.time)};
    if (!time) return time.GetError();
    engine::CampaignOptions campaign{.runs = options.runs, .time = *time, .max_findings = options.max_findings};
    campaign.guidance = GUIDANCE.at(options.guidance);
    campaign.seed = options.seed;
    campaign.jobs = options.jobs;
    campaign.corpus = options.corpus.empty() ? options.out + "/corpus" : options.corpus;
    campaign.logs = options.out + "/logs";
    campaign.keeping.stop = &stop;
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

base::Result<engine::Driver> FindDriver(const Setup& setup, const std::string& name,
                                        const std::vector<std::string>& extra)
{
    const auto& drivers{setup.file.drivers};
    const auto found{std::ranges::find(drivers, name, &execute::DriverRule::name)};
    if (found == drivers.end()) {
        std::vector<std::string> names;
        for (const auto& driver : drivers) names.push_back(driver.name);
        return base::Error{setup.file.path + ": there is no `" + name + "` in [drivers]" +
                           base::DidYouMean(name, names)};
    }
    engine::Driver driver{.name = found->name, .command = found->command};
    if (!engine::NeedsTarget(driver)) driver.command.insert(driver.command.end(), extra.begin(), extra.end());
    return driver;
}

//! `mpfuzz run --driver`: run a driver from target.toml.
//!
//! @param extra    Words for the command line of the target, or of the driver if it needs no target.
//! @param options  All but the scratch directory.
//! @return An exit status.
int RunWithDriver(const Setup& setup, const std::string& name, const std::vector<std::string>& extra,
                  engine::DriverOptions options)
{
    const auto driver{FindDriver(setup, name, extra)};
    if (!driver) return Complain(driver.GetError().message);
    Rig rig{setup, extra};
    options.scratch = rig.scratch.Path();
    const bool terminal{isatty(STDERR_FILENO) == 1};
    const auto clear{[&] {
        if (terminal) std::fputs("\r\033[K", stderr);
    }};
    const auto show_runs{[&](uint64_t runs, std::chrono::milliseconds elapsed) {
        if (!terminal) return;
        std::fprintf(stderr, "\r\033[K%s: %llu runs in %.0f s", name.c_str(), static_cast<unsigned long long>(runs),
                     std::chrono::duration<double>(elapsed).count());
    }};
    const auto show_finding{[&](const engine::FindingReport& finding) {
        clear();
        if (finding.occurrences == 1) std::fprintf(stderr, "%s\n", FindingLine(finding).c_str());
    }};
    const auto result{
        engine::RunDriver(*driver, *rig.target, options, {.on_run = show_runs, .on_finding = show_finding})};
    clear();
    if (!result) return Complain(result.GetError().message);
    std::printf("%llu runs of the driver %s in %.1f s\n", static_cast<unsigned long long>(result->runs), name.c_str(),
                std::chrono::duration<double>(result->elapsed).count());
    if (result->findings.empty()) std::printf("no findings\n");
    for (const auto& finding : result->findings) std::printf("%s\n", FindingLine(finding).c_str());
    return result->findings.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

int Run(const Options& options, const Invocation& invocation)
{
    const auto setup{LoadSetup(options.target, options.only)};
    if (!setup) return Complain(setup.GetError().message);
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    if (error) return Complain(options.out + ": cannot be created: " + error.message());
    const auto campaign{ReadOptions(options, *setup, invocation, HandleSignals())};
    if (!campaign) return Complain(campaign.GetError().message);
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
    engine::CampaignReporter reporter;
    reporter.on_progress = [&](const engine::Progress& progress) {
        status.Tick(progress);
        plot.Tick(progress);
    };
    reporter.on_finding = [&](const engine::FindingReport& finding) {
        status.Clear();
        PrintFinding(finding);
    };
    reporter.on_note = [&](const std::string& note) {
        status.Clear();
        std::fprintf(stderr, "%s\n", note.c_str());
    };
    const auto result{engine::RunCampaign(subject, *campaign, reporter)};
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
    auto* command{app.add_subcommand("run", "Fuzz a target until --time, --runs or Ctrl-C ends the campaign")};
    auto options{std::make_shared<Options>()};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("--time", options->time, "End after this time, such as 30s, 10m or 2h");
    command->add_option("--runs", options->runs, "End after this number of programs; all jobs count together");
    command
        ->add_option("--max-findings", options->max_findings,
                     "End after this number of different findings that can be reproduced")
        ->check(CLI::PositiveNumber);
    command->add_option("--jobs", options->jobs, "Number of worker processes; each starts its own target")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the random numbers: the same seed gives the same programs")
        ->capture_default_str();
    command
        ->add_option(
            "--guidance", options->guidance,
            "What decides which programs are kept and mutated. `coverage`: the target's code that they reach (if "
            "the target has the agent, see docs/howto/instrument-a-target.md) and how their calls end. "
            "`outcomes`: only how their calls end. `none`: generate each program from scratch")
        ->check(CLI::IsMember(GUIDANCE))
        ->capture_default_str();
    command->add_option("--out", options->out, "Output directory: gets findings/, corpus/, logs/ and plot.csv")
        ->capture_default_str();
    command->add_option("--corpus", options->corpus,
                        "Directory with programs to start from; new ones are added to it (default: OUT/corpus)");
    command->add_option(
        "--only", options->only,
        "Aim at methods that match this glob, such as 'Mining.*'. Other methods are called only if needed for these");
    auto* const json{command->add_flag("--json", options->json, "Print the summary as JSON")};
    command
        ->add_option(
            "--driver", options->driver,
            "Generate no programs. Instead run this driver from [drivers] of target.toml again and again, each time "
            "with the next seed")
        ->excludes("--jobs", "--guidance", "--corpus", "--only", json);
    command->footer("Words after -- are appended to the command line of the target. Examples:\n"
                    "  mpfuzz run targets/model_node/target.toml --time 60s --jobs 2\n"
                    "  mpfuzz run targets/model_node/target.toml --runs 1000 --seed 3 -- --bug option-range\n"
                    "  mpfuzz run fuzz_interface/target.toml --driver typed --runs 10");
    command->callback(
        [options, &invocation] { invocation.chosen = [options, &invocation] { return Run(*options, invocation); }; });
}

} // namespace mpfuzz::apps
