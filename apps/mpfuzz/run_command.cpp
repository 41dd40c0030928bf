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

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

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

void PrintSummary(const Setup& setup, const engine::CampaignResult& result, const RunOptions& options)
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

base::Result<engine::CampaignOptions> ReadOptions(const RunOptions& options, const Setup& setup,
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

} // namespace

int RunCommand(const RunOptions& options, const Invocation& invocation)
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

} // namespace mpfuzz::apps
