#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/peer/acceptor.h>
#include <mpfuzz/peer/stub.h>
#include <mpfuzz/schema/load.h>

#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

struct Options {
    std::vector<std::string> files;
    std::vector<std::string> import_paths;
    std::string interface;
    std::string socket;
    std::string log;
    uint64_t seed{1};
    std::vector<std::string> faults;
    bool list_faults{false};
};

struct Subject {
    std::shared_ptr<const schema::Schema> schema;
    std::string interface;
};

base::Result<Subject> Load(const Options& options)
{
    if (options.files.size() == 1 && options.files[0].ends_with(".toml")) {
        auto setup{LoadSetup(options.files[0])};
        if (!setup) return setup.GetError();
        return Subject{setup->schema, options.interface.empty() ? setup->file.main_interface : options.interface};
    }
    if (options.files.empty()) return base::Error{"name a target.toml, or the .capnp file with the interface"};
    if (options.interface.empty()) return base::Error{"say which interface to serve: --interface NAME"};
    auto schema{schema::LoadFiles(options.files, options.import_paths)};
    if (!schema) return schema.GetError();
    return Subject{*schema, options.interface};
}

base::Result<uint32_t> FindInterface(const schema::Schema& schema, const std::string& name)
{
    if (const auto found{schema.FindInterface(name)}) return *found;
    std::vector<std::string> names;
    for (const schema::Interface& interface : schema.Interfaces()) names.push_back(interface.name);
    return base::Error{"the schema has no interface `" + name + "`" + base::DidYouMean(name, names)};
}

base::Result<std::vector<peer::Fault>> FindFaults(const std::vector<std::string>& names)
{
    std::vector<peer::Fault> faults;
    for (const std::string& name : names) {
        const auto fault{peer::FindFault(name)};
        if (!fault) return base::Error{"there is no fault `" + name + "`; --list-faults prints their names"};
        faults.push_back(*fault);
    }
    return faults;
}

int ListFaults()
{
    for (const peer::FaultInfo& info : peer::Faults()) std::cout << info.name << '\n';
    return EXIT_NOTHING_FOUND;
}

int Run(const Options& options)
{
    if (options.list_faults) return ListFaults();
    if (options.socket.empty()) return Complain("say where to listen: --socket PATH");
    const auto subject{Load(options)};
    if (!subject) return Complain(subject.GetError().message);
    const auto interface {
        FindInterface(*subject->schema, subject->interface)
    };
    if (!interface) return Complain(interface.GetError().message);
    const auto faults{FindFaults(options.faults)};
    if (!faults) return Complain(faults.GetError().message);
    std::unique_ptr<peer::CallLog> log;
    if (!options.log.empty()) {
        auto opened{peer::CallLog::Open(options.log)};
        if (!opened) return Complain(opened.GetError().message);
        log = std::make_unique<peer::CallLog>(std::move(*opened));
    }

    peer::Stub stub{*subject->schema,
                    {.main_interface = *interface, .seed = options.seed, .faults = *faults},
                    [&](const peer::ReceivedCall& call) {
                        if (log) log->Write(*subject->schema, call);
                    }};
    const auto served{peer::ServeUntilSignal(options.socket, [&](kj::AsyncIoContext&) -> peer::Acceptor::Handler {
        return [&](kj::Own<kj::AsyncIoStream> stream, uint64_t connection) {
            return stub.Serve(kj::mv(stream), connection);
        };
    })};
    if (!served) return Complain(served.GetError().message);
    if (const auto written{log ? log->Check() : base::Ok()}; !written) return Complain(written.GetError().message);
    return EXIT_NOTHING_FOUND;
}

} // namespace

void AddStubCommand(CLI::App& app, Invocation& invocation)
{
    auto* command{app.add_subcommand("stub", "Serve an interface with made-up answers")};
    auto options{std::make_shared<Options>()};
    command->add_option("FILE", options->files, "A target.toml, or .capnp files");
    command->add_option("--interface", options->interface,
                        "What a fresh connection gives (default: the target.toml's main interface)");
    command->add_option("--socket", options->socket, "Unix socket to listen on");
    command->add_option("-I,--import-path", options->import_paths,
                        "Where imports that begin with a slash are looked up");
    command->add_option("--seed", options->seed, "Which answers")->capture_default_str();
    command->add_option("--log", options->log, "Append every call, with its arguments and results, as JSON lines");
    command->add_option("--fault", options->faults, "Get some calls wrong: see --list-faults")->allow_extra_args(false);
    command->add_flag("--list-faults", options->list_faults, "Print the names of the faults, one a line");
    command->footer(
        "Every method answers, and every capability in an answer is a stub in turn. The same call, with the same\n"
        "arguments, the same number of calls after its object was made, has the same answer in every run with a seed.\n"
        "Ends with status 0 on SIGTERM and SIGINT. Examples:\n"
        "  mpfuzz stub server.capnp --interface Root --socket /tmp/stub --log calls.jsonl\n"
        "  mpfuzz run targets/stub/target.toml --time 5s");
    command->callback([options, &invocation] { invocation.chosen = [options] { return Run(*options); }; });
}

} // namespace mpfuzz::apps
