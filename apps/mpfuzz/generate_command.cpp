#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/print.h>

#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::string target;
    uint64_t runs{1};
    uint64_t seed{1};
    std::vector<std::string> only;
};

int Run(const Options& options)
{
    auto setup{LoadSetup(options.target, options.only)};
    if (!setup) return Complain(setup.GetError().message);
    generate::Generator generator{*setup->schema, setup->file.rules, setup->domains};
    base::Rng rng{options.seed};
    for (uint64_t i{0}; i < options.runs && std::cout; ++i) {
        std::cout << "# program " << i << '\n' << program::Print(*setup->schema, generator.Generate(rng)) << '\n';
    }
    std::cout.flush();
    return std::cout ? EXIT_NOTHING_FOUND : Complain("the programs cannot be written to standard output");
}

} // namespace

void AddGenerateCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("generate", "Print programs: a pure function of schema, rules and seed")};
    auto options{std::make_shared<Options>()};
    command->add_option("TARGET", options->target, "A target.toml; the target itself is not started")->required();
    command->add_option("--runs", options->runs, "How many programs")->capture_default_str();
    command->add_option("--seed", options->seed, "Which programs")->capture_default_str();
    command->add_option("--only", options->only, "Aim at methods that match this, such as 'Mining.*'");
    command->footer("Example:\n  mpfuzz generate targets/model_node/target.toml --runs 3 --seed 7");
    command->callback([options, &invocation] { invocation.chosen = [options] { return Run(*options); }; });
}

} // namespace mpfuzz::apps
