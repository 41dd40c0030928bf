// Commands that start no target.
#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/base/file.h>
#include <mpfuzz/generate/generator.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/schema/describe.h>
#include <mpfuzz/schema/load.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>

namespace mpfuzz::apps {
namespace {

//! @return EXIT_NOTHING_FOUND if the program is valid.
int FormatOne(const schema::Schema& schema, const std::string& path, bool lenient)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return Complain(path + ": is a directory; name the programs in it, such as " + path + "/*.mpf");
    const auto text{base::ReadFile(path)};
    if (!text) return Complain(text.GetError().message);
    if (lenient) {
        const auto parsed{program::ParseLenient(schema, *text)};
        for (const std::string& complaint : parsed.complaints) Complain(path + ":" + complaint);
        std::cout << program::Print(schema, parsed.program);
        return EXIT_NOTHING_FOUND;
    }
    const auto parsed{program::Parse(schema, *text)};
    if (!parsed) return Complain(path + ":" + parsed.GetError().message);
    std::cout << program::Print(schema, *parsed);
    return EXIT_NOTHING_FOUND;
}

} // namespace

int SchemaCommand(const SchemaOptions& options, const Invocation&)
{
    std::shared_ptr<const schema::Schema> schema;
    std::string main_interface{options.main_interface};
    if (NamesTarget(options.files)) {
        auto setup{LoadSetup(options.files[0])};
        if (!setup) return Complain(setup.GetError().message);
        schema = setup->schema;
        if (main_interface.empty()) main_interface = setup->file.main_interface;
    } else {
        auto loaded{schema::LoadFiles(options.files, options.import_paths, schema::Origin::COMMAND_LINE)};
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

int GenerateCommand(const GenerateOptions& options, const Invocation&)
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

int FmtCommand(const FmtOptions& options, const Invocation&)
{
    auto setup{LoadSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    int worst{EXIT_NOTHING_FOUND};
    for (const std::string& path : options.programs)
        worst = std::max(worst, FormatOne(*setup->schema, path, options.lenient));
    return worst;
}

} // namespace mpfuzz::apps
