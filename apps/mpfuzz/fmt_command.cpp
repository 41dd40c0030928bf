#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>

#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::string target;
    std::vector<std::string> programs;
    bool lenient{false};
};

//! @return EXIT_NOTHING_FOUND where the program is right.
int Format(const schema::Schema& schema, const std::string& path, bool lenient)
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

int Run(const Options& options)
{
    auto setup{LoadSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    int worst{EXIT_NOTHING_FOUND};
    for (const std::string& path : options.programs)
        worst = std::max(worst, Format(*setup->schema, path, options.lenient));
    return worst;
}

} // namespace

void AddFmtCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("fmt", "Print programs in canonical form, or say where they are wrong")};
    auto options{std::make_shared<Options>()};
    command->add_option("TARGET", options->target, "The target.toml whose schema the programs are for")->required();
    command->add_option("PROGRAM", options->programs, "Files with one program each")->required();
    command->add_flag("--lenient", options->lenient, "Drop lines that do not fit the schema, and say which");
    command->footer("Example:\n  mpfuzz fmt targets/model_node/target.toml program.mpf\n\n"
                    "The grammar is in docs/program-format.md.");
    command->callback([options, &invocation] { invocation.chosen = [options] { return Run(*options); }; });
}

} // namespace mpfuzz::apps
