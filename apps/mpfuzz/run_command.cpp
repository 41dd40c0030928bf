#include <apps/common/wiring.h>
#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/display.h>
#include <mpfuzz/base/file.h>
#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/engine/distill.h>
#include <mpfuzz/engine/libfuzzer.h>
#include <mpfuzz/engine/program_fuzzing.h>

#include <cstdio>
#include <filesystem>
#include <map>

namespace mpfuzz::apps {
namespace {

const std::map<std::string, engine::Guidance> GUIDANCE{{"coverage", engine::Guidance::COVERAGE},
                                                       {"outcomes", engine::Guidance::OUTCOMES},
                                                       {"none", engine::Guidance::NONE}};

base::Result<engine::CampaignOptions> ReadOptions(const RunOptions& options, const Setup& setup,
                                                  const Invocation& invocation)
{
    const auto time{ReadTimeOption(options.time)};
    if (!time) return time.GetError();
    const auto triage_time{ReadTimeOption(options.triage_time, "--triage-time")};
    if (!triage_time) return triage_time.GetError();
    return engine::CampaignOptions{.runs = options.runs,
                                   .time = *time,
                                   .max_findings = options.max_findings,
                                   .seed = options.seed,
                                   .jobs = options.jobs,
                                   .triage_jobs = options.jobs,
                                   .triage_share = options.triage_share / 100.0,
                                   .triage_time = *triage_time,
                                   .out = options.out,
                                   .blueprint = MakeBlueprint(setup, options.target, options.seed, invocation),
                                   .signals = &CountSignals()};
}

//! The texts of all files below the directories.
base::Result<std::vector<std::string>> ReadSeeds(const std::vector<std::string>& directories)
{
    const auto files{engine::ListCorpus(directories)};
    if (!files) return files.GetError();
    std::vector<std::string> seeds;
    for (const std::string& file : *files) {
        auto text{base::ReadFile(file)};
        if (!text) return text.GetError();
        seeds.push_back(std::move(*text));
    }
    return seeds;
}

base::Result<engine::ProgramFuzzing> PrepareFuzzing(const RunOptions& options)
{
    engine::ProgramFuzzing fuzzing{.guidance = GUIDANCE.at(options.guidance)};
    if (fuzzing.guidance != engine::Guidance::NONE && !engine::HaveLibFuzzer()) {
        fuzzing.guidance = engine::Guidance::NONE;
        std::fputs("this build of mpfuzz has no libFuzzer (it comes with clang): programs are generated at random and "
                   "without guidance\n",
                   stderr);
    }
    std::error_code error;
    fuzzing.corpus = options.corpus;
    if (options.corpus.empty()) {
        fuzzing.corpus = options.out + "/corpus";
        std::filesystem::create_directories(fuzzing.corpus, error);
        if (error) return base::Error{fuzzing.corpus + ": cannot be created: " + error.message()};
    } else if (!std::filesystem::is_directory(options.corpus, error)) {
        return base::Error{"--corpus " + options.corpus +
                           ": there is no such directory; new programs are written into "
                           "it, so create it first"};
    }
    if (options.seeds.empty()) return fuzzing;
    auto seeds{ReadSeeds(options.seeds)};
    if (!seeds) return seeds.GetError();
    fuzzing.seeds = std::move(*seeds);
    std::fprintf(stderr, "%zu programs from --seeds\n", fuzzing.seeds.size());
    return fuzzing;
}

} // namespace

int RunCommand(const RunOptions& options, const Invocation& invocation)
{
    const auto setup{LoadLiveSetup(options.target, options.only)};
    if (!setup) return Complain(setup.GetError().message);
    const auto campaign{ReadOptions(options, *setup, invocation)};
    if (!campaign) return Complain(campaign.GetError().message);
    const std::function<bool()> is_stopped{[&] { return *campaign->signals > 0; }};
    CampaignDisplay display{.json = options.json,
                            .verbose = options.verbose,
                            .plot = options.out + "/plot.csv",
                            .go_on = "mpfuzz triage " + QuoteWord(options.out) + " --trust"};
    engine::CampaignWork work{.schema = *setup->schema, .fuzz = {}, .make_triage_runner = {}};
    if (!options.driver.empty()) {
        const auto driver{FindDriver(*setup, options.driver, invocation.extra)};
        if (!driver) return Complain(driver.GetError().message);
        display.methods = false;
        display.runs = "runs of the driver " + options.driver;
        const auto make_runner{[&, driver = *driver](std::function<bool()> stop) {
            return std::make_unique<engine::DriverRunner>(driver, MakeSpec(*setup, invocation.extra), std::move(stop));
        }};
        work.fuzz = [make_runner](engine::WorkerContext& context) {
            auto runner{make_runner([&] { return context.IsOver(); })};
            context.SetClose([&] { runner.reset(); });
            engine::FuzzDriver(context, *runner);
        };
        work.make_triage_runner = [make_runner, is_stopped] { return make_runner(is_stopped); };
        return RunCampaignAndReport(work, *campaign, display);
    }
    const auto fuzzing{PrepareFuzzing(options)};
    if (!fuzzing) return Complain(fuzzing.GetError().message);
    const engine::Subject subject{MakeSubject(*setup, invocation.extra)};
    work.fuzz = [&](engine::WorkerContext& context) { engine::FuzzPrograms(context, subject, *fuzzing); };
    work.make_triage_runner = [&] { return MakeAnyRunner(*setup, invocation.extra, is_stopped); };
    return RunCampaignAndReport(work, *campaign, display);
}

} // namespace mpfuzz::apps
