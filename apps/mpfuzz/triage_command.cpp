#include <apps/mpfuzz/campaign_setup.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/display.h>
#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/triage/store.h>

namespace mpfuzz::apps {

int TriageCommand(const TriageOptions& options, const Invocation& invocation)
{
    const std::string findings{options.out + "/findings"};
    const auto directories{triage::List(findings)};
    if (directories.empty()) return Complain(findings + ": there are no findings");
    const auto first{triage::LoadSummary(directories.front())};
    if (!first) return Complain(first.GetError().message);
    const triage::Record& record{first->record};
    const auto words{TargetWords(record, invocation.extra, options.trust)};
    if (!words) return Complain(words.GetError().message);
    if (options.target.empty() && !options.trust) {
        return Complain("the findings name the target " + QuoteWord(record.target_toml) +
                        ", whose command line would be run: if you trust them, use --trust, otherwise name your own "
                        "target with --target");
    }
    const auto time{ReadTimeOption(options.time)};
    if (!time) return Complain(time.GetError().message);
    const auto setup{LoadLiveSetup(options.target.empty() ? record.target_toml : options.target)};
    if (!setup) return Complain(setup.GetError().message);
    const engine::CampaignOptions campaign{
        .jobs = 0, .triage_jobs = options.jobs, .triage_time = *time, .out = options.out, .signals = &CountSignals()};
    const engine::CampaignWork work{.schema = *setup->schema, .fuzz = {}, .make_triage_runner = [&] {
                                        return MakeAnyRunner(*setup, *words, [&] { return *campaign.signals > 0; });
                                    }};
    return RunCampaignAndReport(work, campaign,
                                {.json = options.json, .methods = false, .go_on = "the same command again"});
}

} // namespace mpfuzz::apps
