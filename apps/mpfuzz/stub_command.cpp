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

struct Subject {
    std::shared_ptr<const schema::Schema> schema;
    std::string interface;
};

base::Result<Subject> Load(const StubOptions& options)
{
    if (NamesTarget(options.files)) {
        auto setup{LoadSetup(options.files[0])};
        if (!setup) return setup.GetError();
        return Subject{setup->schema, options.interface.empty() ? setup->file.main_interface : options.interface};
    }
    if (options.files.empty()) return base::Error{"expected a target.toml, or the .capnp file with the interface"};
    if (options.interface.empty()) return base::Error{"--interface NAME is missing: the interface to serve"};
    auto schema{schema::LoadFiles(options.files, options.import_paths, schema::Origin::COMMAND_LINE)};
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

} // namespace

int StubCommand(const StubOptions& options, const Invocation&)
{
    if (options.list_faults) return ListFaults();
    if (options.socket.empty()) return Complain("--socket PATH is missing: where to listen");
    const auto subject{Load(options)};
    if (!subject) return Complain(subject.GetError().message);
    const auto main_interface{FindInterface(*subject->schema, subject->interface)};
    if (!main_interface) return Complain(main_interface.GetError().message);
    const auto faults{FindFaults(options.faults)};
    if (!faults) return Complain(faults.GetError().message);
    std::unique_ptr<peer::CallLog> log;
    if (!options.log.empty()) {
        auto opened{peer::CallLog::Open(options.log)};
        if (!opened) return Complain(opened.GetError().message);
        log = std::make_unique<peer::CallLog>(std::move(*opened));
    }

    peer::Stub stub{*subject->schema,
                    {.main_interface = *main_interface, .seed = options.seed, .faults = *faults},
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

} // namespace mpfuzz::apps
