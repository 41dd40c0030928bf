// Commands that start no target.
#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/schema/describe.h>
#include <mpfuzz/schema/load.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace mpfuzz::apps {
namespace {

struct ShowSchemaOptions {
    std::vector<std::string> files;
    std::vector<std::string> import_paths;
    std::string main_interface;
    bool json{false};
};

int ShowSchema(const ShowSchemaOptions& options)
{
    std::shared_ptr<const schema::Schema> schema;
    std::string main_interface{options.main_interface};
    if (options.files.size() == 1 && options.files[0].ends_with(".toml")) {
        auto setup{LoadSetup(options.files[0])};
        if (!setup) return Complain(setup.GetError().message);
        schema = setup->schema;
        if (main_interface.empty()) main_interface = setup->file.main_interface;
    } else {
        auto loaded{schema::LoadFiles(options.files, options.import_paths)};
        if (!loaded) return Complain(loaded.GetError().message);
        schema = *loaded;
    }
    std::optional<uint32_t> main;
    if (!main_interface.empty()) {
        main = schema->FindInterface(main_interface);
        if (!main) return Complain("the schema has no interface `" + main_interface + "`");
    }
    std::cout << (options.json ? schema::DescribeJson(*schema, main) : schema::Describe(*schema, main));
    return EXIT_NOTHING_FOUND;
}

struct GenerateOptions {
    std::string target;
    uint64_t runs{1};
    uint64_t seed{1};
    std::vector<std::string> only;
};

int Generate(const GenerateOptions& options)
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

struct FormatOptions {
    std::string target;
    std::vector<std::string> programs;
    bool lenient{false};
};

//! @return EXIT_NOTHING_FOUND if the program is valid.
int FormatOne(const schema::Schema& schema, const std::string& path, bool lenient)
{
    std::string text;
    if (!ReadFile(path, text)) return Complain(path + ": cannot be read");
    if (lenient) {
        const auto parsed{program::ParseLenient(schema, text)};
        for (const std::string& complaint : parsed.complaints) Complain(path + ":" + complaint);
        std::cout << program::Print(schema, parsed.program);
        return EXIT_NOTHING_FOUND;
    }
    const auto parsed{program::Parse(schema, text)};
    if (!parsed) return Complain(path + ":" + parsed.GetError().message);
    std::cout << program::Print(schema, *parsed);
    return EXIT_NOTHING_FOUND;
}

int Format(const FormatOptions& options)
{
    auto setup{LoadSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    int worst{EXIT_NOTHING_FOUND};
    for (const std::string& path : options.programs)
        worst = std::max(worst, FormatOne(*setup->schema, path, options.lenient));
    return worst;
}

} // namespace

void AddSchemaCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("schema", "Show the methods that can be called, and how a program reaches them")};
    auto options{std::make_shared<ShowSchemaOptions>()};
    command->add_option("FILE", options->files, "A target.toml, or .capnp files")->required();
    command->add_option("-I,--import-path", options->import_paths, "Directory for imports that begin with a slash");
    command->add_option("--main", options->main_interface,
                        "The interface that a new connection returns (default: main_interface of the target.toml)");
    command->add_flag("--json", options->json, "Print JSON");
    command->footer("Examples:\n  mpfuzz schema targets/model_node/target.toml\n"
                    "  mpfuzz schema server.capnp -I include --main Root");
    command->callback([options, &invocation] { invocation.chosen = [options] { return ShowSchema(*options); }; });
}

void AddGenerateCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("generate",
                                     "Print random programs; the same schema, rules and seed give the same programs")};
    auto options{std::make_shared<GenerateOptions>()};
    command->add_option("TARGET", options->target, "A target.toml; the target is not started")->required();
    command->add_option("--runs", options->runs, "Number of programs")->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the random numbers")->capture_default_str();
    command->add_option("--only", options->only, "Aim at methods that match this glob, such as 'Mining.*'");
    command->footer("Example:\n  mpfuzz generate targets/model_node/target.toml --runs 3 --seed 7");
    command->callback([options, &invocation] { invocation.chosen = [options] { return Generate(*options); }; });
}

void AddFmtCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("fmt", "Print programs in canonical form, or report where they are not valid")};
    auto options{std::make_shared<FormatOptions>()};
    command->add_option("TARGET", options->target, "The target.toml with the schema of the programs")->required();
    command->add_option("PROGRAM", options->programs, "Files with one program each")->required();
    command->add_flag("--lenient", options->lenient, "Drop the lines that do not fit the schema, and report them");
    command->footer("Example:\n  mpfuzz fmt targets/model_node/target.toml program.mpf\n\n"
                    "The grammar is in docs/program-format.md.");
    command->callback([options, &invocation] { invocation.chosen = [options] { return Format(*options); }; });
}

} // namespace mpfuzz::apps
