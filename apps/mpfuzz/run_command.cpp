#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/duration.h>
#include <mpfuzz/engine/campaign.h>
#include <mpfuzz/generate/generator.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::string target;
    std::string time;
    std::optional<uint64_t> runs;
    uint64_t seed{1};
    std::string out{"out"};
    std::vector<std::string> only;
    bool json{false};
};

// The C signal handler's one static.
std::atomic<bool> g_stop{false};

void Stop(int)
{
    // The second Ctrl-C does not wait for the running program; the janitor cleans up.
    if (g_stop.exchange(true)) _exit(EXIT_USER_MISTAKE);
}

//! The line on stderr, once a second.
class StatusLine
{
public:
    StatusLine(const engine::Harness& harness, size_t methods)
        : m_harness{harness}, m_methods{methods}, m_terminal{isatty(STDERR_FILENO) == 1}
    {
    }

    void Tick(size_t findings)
    {
        const auto now{Clock::now()};
        if (now - m_last < std::chrono::seconds{1}) return;
        const auto total{m_harness.GetStatistics().Total()};
        const double seconds{std::chrono::duration<double>(now - m_last).count()};
        const double elapsed{std::chrono::duration<double>(now - m_start).count()};
        std::fprintf(stderr,
                     "%s%4.0fs  programs %llu  calls/s %.0f  methods %zu/%zu  answered %llu  error %llu  never %llu  "
                     "findings %zu%s",
                     m_terminal ? "\r\033[K" : "", elapsed, Big(m_harness.GetStatistics().programs),
                     static_cast<double>(total.calls - m_last_calls) / seconds,
                     m_harness.GetStatistics().MethodsReached(), m_methods, Big(total.answered),
                     Big(total.Exceptions()), Big(total.unanswered), findings, m_terminal ? "" : "\n");
        std::fflush(stderr);
        m_last = now;
        m_last_calls = total.calls;
        m_shown = true;
    }

    //! Make room for other lines.
    void Clear()
    {
        if (m_terminal && m_shown) std::fputs("\r\033[K", stderr);
    }

private:
    using Clock = std::chrono::steady_clock;
    static unsigned long long Big(uint64_t number) { return number; }

    const engine::Harness& m_harness;
    size_t m_methods;
    bool m_terminal;
    bool m_shown{false};
    Clock::time_point m_start{Clock::now()};
    Clock::time_point m_last{m_start};
    uint64_t m_last_calls{0};
};

void PrintFinding(const engine::Sighting& sighting)
{
    std::fprintf(stderr, "found %s: %s\n      %s, %zu steps: %s\n", sighting.identity.kind.c_str(),
                 sighting.identity.title.c_str(), triage::Describe(sighting.verdict).c_str(), sighting.steps,
                 sighting.directory.c_str());
}

void PrintSummary(const Setup& setup, const engine::Harness& harness, const engine::CampaignResult& result, bool json)
{
    if (json) {
        std::cout << engine::StatisticsJson(*setup.schema, harness.GetStatistics()) << '\n';
        return;
    }
    const auto& statistics{harness.GetStatistics()};
    const double seconds{std::chrono::duration<double>(result.elapsed).count()};
    const auto calls{statistics.Total().calls};
    std::cout << engine::MethodTable(*setup.schema, statistics) << '\n';
    std::printf(
        "%llu programs and %llu calls in %.1f s: %.0f programs/s, %.0f calls/s; the target was restarted %llu times\n",
        static_cast<unsigned long long>(statistics.programs), static_cast<unsigned long long>(calls), seconds,
        static_cast<double>(statistics.programs) / seconds, static_cast<double>(calls) / seconds,
        static_cast<unsigned long long>(statistics.restarts));
    if (result.findings.empty()) std::printf("no findings\n");
    for (const auto& sighting : result.findings) {
        std::printf("%s: %s (%s, seen %llu times): %s\n", sighting.identity.kind.c_str(),
                    sighting.identity.title.c_str(), triage::Describe(sighting.verdict).c_str(),
                    static_cast<unsigned long long>(sighting.occurrences), sighting.directory.c_str());
    }
}

int Run(const Options& options, const Invocation& invocation)
{
    engine::CampaignOptions campaign;
    campaign.runs = options.runs;
    campaign.stop = &g_stop;
    if (!options.time.empty()) {
        campaign.time = ParseDuration(options.time);
        if (!campaign.time) return Complain("--time " + options.time + ": a time such as 30s, 10m or 2h was expected");
    }
    const auto setup{LoadSetup(options.target, options.only)};
    if (!setup) return Complain(setup.GetError().message);

    campaign.findings = options.out + "/findings";
    campaign.blueprint.schema_hash = setup->schema->Hash();
    campaign.blueprint.seed = options.seed;
    campaign.blueprint.target_toml = options.target;
    campaign.blueprint.extra_arguments = invocation.extra;
    campaign.blueprint.command_line = invocation.words;
    campaign.blueprint.version = VERSION;

    Rig rig{*setup, invocation.extra};
    generate::Generator generator{*setup->schema, setup->rules, setup->domains};
    engine::Harness harness{*setup->schema, rig.executor, setup->limits, setup->file.restart_every};
    base::Rng rng{options.seed};
    std::signal(SIGINT, Stop);
    std::signal(SIGTERM, Stop);
    std::signal(SIGPIPE, SIG_IGN);
    StatusLine status{harness, setup->schema->MatchMethods("*").size()};
    size_t findings{0};
    const auto result{engine::RunCampaign(*setup->schema, harness, [&] { return generator.Generate(rng); }, campaign,
                                          {.on_program = [&] { status.Tick(findings); },
                                           .on_finding =
                                               [&](const engine::Sighting& sighting) {
                                                   ++findings;
                                                   status.Clear();
                                                   PrintFinding(sighting);
                                               }})};
    status.Clear();
    if (!result) return Complain(result.GetError().message);
    PrintSummary(*setup, harness, *result, options.json);
    return result->findings.empty() ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}

} // namespace

void AddRunCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("run", "Fuzz a target until time, runs or Ctrl-C end it")};
    auto options{std::make_shared<Options>()};
    command->add_option("TARGET", options->target, "A target.toml")->required();
    command->add_option("--time", options->time, "How long, such as 30s, 10m or 2h");
    command->add_option("--runs", options->runs, "How many programs");
    command->add_option("--seed", options->seed, "Which programs")->capture_default_str();
    command->add_option("--out", options->out, "Where findings go, into findings/")->capture_default_str();
    command->add_option("--only", options->only,
                        "Aim at methods that match this, such as 'Mining.*'; what they need is called too");
    command->add_flag("--json", options->json, "The summary for scripts");
    command->footer("Words after -- are appended to the target's command line. Examples:\n"
                    "  mpfuzz run targets/model_node/target.toml --time 60s\n"
                    "  mpfuzz run targets/model_node/target.toml --runs 1000 --seed 3 -- --bug option-range");
    command->callback(
        [options, &invocation] { invocation.chosen = [options, &invocation] { return Run(*options, invocation); }; });
}

} // namespace mpfuzz::apps
