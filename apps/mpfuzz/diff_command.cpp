#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <apps/mpfuzz/comparison.h>

#include <cstdio>
#include <memory>

namespace mpfuzz::apps {
namespace {

struct Options {
    DiffOptions diff;
    std::string time;
};

//! The second target with the schema and rules of the first: both have to run the same programs.
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
    const auto first{LoadSetup(options.first)};
    if (!first) return Complain(first.GetError().message);
    auto loaded{LoadSetup(options.second)};
    if (!loaded) return Complain(loaded.GetError().message);
    if (first->schema->Hash() != loaded->schema->Hash())
        std::fprintf(stderr, "the schemas differ: mpfuzz uses the schema of %s for both targets\n",
                     options.first.c_str());
    const Setup second{InSchemaOf(*first, std::move(*loaded))};
    if (first->limits.deterministic.empty())
        return Complain(options.first + ": `deterministic` in [rules] lists no method, so there is nothing to compare; "
                                        "write for example deterministic = [\"Echo.*\"]");
    const auto time{ReadTimeOption(given.time)};
    if (!time) return Complain(time.GetError().message);
    options.time = *time;
    options.stop = &HandleSignals();
    if (options.program.empty()) return Comparison{options, invocation, *first, second}.Search();
    std::string path{options.program};
    Invocation as_found{invocation};
    if (triage::IsFinding(path)) {
        const auto finding{triage::Load(path)};
        if (!finding) return Complain(finding.GetError().message);
        path = finding->SmallestProgramPath();
        // Start the second target as it was when the finding appeared, unless the user asks for another command line.
        if (as_found.extra.empty()) as_found.extra = finding->record.extra_arguments;
    }
    const auto program{ReadProgram(*first->schema, path)};
    if (!program) return Complain(program.GetError().message);
    return Comparison{options, as_found, *first, second}.Replay(*program);
}

} // namespace

void AddDiffCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("diff", "Run the same programs on two targets and compare their answers")};
    auto options{std::make_shared<Options>()};
    command->add_option("FIRST", options->diff.first, "A target.toml. Its schema and rules apply to both targets")
        ->required();
    command->add_option("SECOND", options->diff.second, "Another target.toml, or the same one")->required();
    command->add_option("--time", options->time, "End after this time, such as 30s, 10m or 2h");
    command->add_option("--runs", options->diff.runs, "End after this number of programs");
    command->add_option("--max-findings", options->diff.max_findings, "End after this number of different findings")
        ->check(CLI::PositiveNumber);
    command->add_option("--seed", options->diff.seed, "Seed of the random numbers")->capture_default_str();
    command->add_option("--out", options->diff.out, "Output directory: gets findings/")->capture_default_str();
    command->add_option("--program", options->diff.program,
                        "Run only this program several times on new targets; a file, or the directory of a finding");
    command->footer(
        "Only programs whose answers depend on nothing but the program are compared: `deterministic` in [rules] of\n"
        "FIRST lists the methods, and `in_order_by` tells which calls keep their order. Words after -- are appended\n"
        "to the command line of SECOND only. A difference is stored and minimised like any finding, and both\n"
        "answers are printed. Exit status 1 if there is a difference. Examples:\n"
        "  mpfuzz diff old/target.toml new/target.toml --time 10m\n"
        "  mpfuzz diff targets/model_node/target.toml targets/model_node/target.toml --runs 2000 -- --bug "
        "pipelined-stale");
    command->callback(
        [options, &invocation] { invocation.chosen = [options, &invocation] { return Run(*options, invocation); }; });
}

} // namespace mpfuzz::apps
