#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/schema/describe.h>
#include <mpfuzz/schema/load.h>

#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::vector<std::string> files;
    std::vector<std::string> import_paths;
    std::string main_interface;
    bool json{false};
};

int Run(const Options& options)
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

} // namespace

void AddSchemaCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("schema", "Show what can be called, and how to get there")};
    auto options{std::make_shared<Options>()};
    command->add_option("FILE", options->files, "A target.toml, or .capnp files")->required();
    command->add_option("-I,--import-path", options->import_paths,
                        "Where imports that begin with a slash are looked up");
    command->add_option("--main", options->main_interface,
                        "The interface that a fresh connection gives (default: the target.toml's)");
    command->add_flag("--json", options->json, "For scripts");
    command->footer("Examples:\n  mpfuzz schema targets/model_node/target.toml\n"
                    "  mpfuzz schema server.capnp -I include --main Root");
    command->callback([options, &invocation] { invocation.chosen = [options] { return Run(*options); }; });
}

} // namespace mpfuzz::apps
