#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/comparison.h>
#include <apps/mpfuzz/duration.h>
#include <mpfuzz/program/parse.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>

#include <unistd.h>

namespace mpfuzz::apps {
namespace {

struct Options {
    DiffOptions diff;
    std::string time;
};

// The C signal handler's one static.
std::atomic<bool> g_stop{false};

void Stop(int)
{
    // The second Ctrl-C does not wait for the running program; the janitor cleans up.
    if (g_stop.exchange(true)) _exit(EXIT_USER_MISTAKE);
}

//! The second target, spoken to in the first one's schema: what both are asked has to be the same.
Setup InSchemaOf(const Setup& first, Setup second)
{
    second.schema = first.schema;
    second.limits = first.limits;
    second.file.rules.may_block = first.file.rules.may_block;
    return second;
}

int Run(const Options& given, const Invocation& invocation)
{
    DiffOptions options{given.diff};
    options.stop = &g_stop;
    const auto first{LoadSetup(options.first)};
    if (!first) return Complain(first.GetError().message);
    auto loaded{LoadSetup(options.second)};
    if (!loaded) return Complain(loaded.GetError().message);
    if (first->schema->Hash() != loaded->schema->Hash())
        std::fprintf(stderr, "the schemas differ: both targets are spoken to in that of %s\n", options.first.c_str());
    const Setup second{InSchemaOf(*first, std::move(*loaded))};
    if (first->limits.deterministic.empty())
        return Complain(options.first +
                        ": `deterministic` in [rules] names no method, so that nothing can be compared; "
                        "such as deterministic = [\"Echo.*\"]");
    if (!given.time.empty()) {
        options.time = ParseDuration(given.time);
        if (!options.time) return Complain("--time " + given.time + ": a time such as 30s, 10m or 2h was expected");
    }

    std::signal(SIGINT, Stop);
    std::signal(SIGTERM, Stop);
    std::signal(SIGPIPE, SIG_IGN);
    if (options.program.empty()) return Comparison{options, invocation, *first, second}.Search();
    std::string path{options.program};
    Invocation as_found{invocation};
    if (triage::IsFinding(path)) {
        const auto finding{triage::Load(path)};
        if (!finding) return Complain(finding.GetError().message);
        path = finding->SmallestProgramPath();
        // The second target has to be the one that showed it, unless the user asks for another.
        if (as_found.extra.empty()) as_found.extra = finding->record.extra_arguments;
    }
    std::string text;
    if (!ReadFile(path, text)) return Complain(path + ": cannot be read");
    const auto program{program::Parse(*first->schema, text)};
    if (!program) return Complain(path + ":" + program.GetError().message);
    return Comparison{options, as_found, *first, second}.Replay(*program);
}

} // namespace

void AddDiffCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("diff", "Run the same programs on two targets and compare their answers")};
    auto options{std::make_shared<Options>()};
    command
        ->add_option("FIRST", options->diff.first,
                     "A target.toml: its schema and rules say what is asked, and what counts")
        ->required();
    command->add_option("SECOND", options->diff.second, "Another, or the same")->required();
    command->add_option("--time", options->time, "How long, such as 30s, 10m or 2h");
    command->add_option("--runs", options->diff.runs, "How many programs");
    command->add_option("--max-findings", options->diff.max_findings, "End after so many distinct differences")
        ->check(CLI::PositiveNumber);
    command->add_option("--seed", options->diff.seed, "Which programs")->capture_default_str();
    command->add_option("--out", options->diff.out, "Where findings/ goes")->capture_default_str();
    command->add_option("--program", options->diff.program,
                        "Run only this program, or that of a finding's directory, several times on fresh targets");
    command->footer(
        "Compared are programs whose answers are a function of the program: [rules] of FIRST has to say which methods\n"
        "are `deterministic`, and with `in_order_by` what keeps their order. Words after -- are appended to the "
        "command\n"
        "line of SECOND alone. A difference is stored and minimised like any finding, and both answers are printed.\n"
        "Exit status 1 where there is one. Examples:\n"
        "  mpfuzz diff old/target.toml new/target.toml --time 10m\n"
        "  mpfuzz diff targets/model_node/target.toml targets/model_node/target.toml --runs 2000 -- --bug "
        "pipelined-stale");
    command->callback(
        [options, &invocation] { invocation.chosen = [options, &invocation] { return Run(*options, invocation); }; });
}

} // namespace mpfuzz::apps
