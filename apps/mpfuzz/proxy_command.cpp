#include <apps/common/wiring.h>
#include <apps/mpfuzz/command.h>
#include <mpfuzz/peer/acceptor.h>
#include <mpfuzz/peer/proxy.h>
#include <mpfuzz/peer/recording.h>

#include <iostream>
#include <memory>

namespace mpfuzz::apps {
namespace {

//! Counts of what the proxy has relayed.
struct Tally {
    uint64_t connections{0};
    size_t calls{0};
    size_t recordings{0};
    std::string problem; //!< the first recording that could not be written
};

base::Result<std::vector<peer::Perturbation>> FindPerturbations(const std::vector<std::string>& names)
{
    std::vector<peer::Perturbation> kinds;
    for (const std::string& name : names) {
        const auto kind{peer::FindPerturbation(name)};
        if (!kind) {
            std::string known;
            for (const auto& info : peer::Perturbations())
                known += (known.empty() ? "" : ", ") + std::string{info.name};
            return base::Error{"there is no perturbation `" + name + "`; there are " + known};
        }
        kinds.push_back(*kind);
    }
    return kinds;
}

int Report(const Tally& tally, const ProxyOptions& options, execute::Target& target)
{
    std::cout << tally.connections << " connections, " << tally.calls << " calls";
    if (!options.record.empty()) std::cout << "; " << tally.recordings << " programs in " << options.record;
    std::cout << std::endl;
    if (!tally.problem.empty()) return Complain(tally.problem);
    execute::TargetProcess* const process{target.GetProcess()};
    if (const auto exit{process ? process->Died() : std::nullopt}) {
        std::cout << "the server has died"
                  << (exit->signal ? " of signal " + std::to_string(*exit->signal)
                                   : " with status " + std::to_string(exit->status.value_or(0)))
                  << "; the end of its output:\n"
                  << process->LogTail() << std::endl;
        return EXIT_FINDINGS;
    }
    return EXIT_NOTHING_FOUND;
}

} // namespace

int ProxyCommand(const ProxyOptions& options, const Invocation& invocation)
{
    auto setup{LoadSetup(options.target)};
    if (!setup) return Complain(setup.GetError().message);
    if (!options.connect.empty()) {
        setup->file.spawn.reset();
        setup->file.attach_socket = options.connect;
    }
    const auto kinds{FindPerturbations(options.perturbations)};
    if (!kinds) return Complain(kinds.GetError().message);
    std::unique_ptr<peer::RecordingDirectory> recordings;
    if (!options.record.empty()) {
        auto opened{peer::RecordingDirectory::Open(options.record)};
        if (!opened) return Complain(opened.GetError().message);
        recordings = std::make_unique<peer::RecordingDirectory>(std::move(*opened));
    }
    execute::Janitor janitor;
    const engine::Scratch scratch{janitor};
    const auto target{engine::MakeTarget(MakeSpec(*setup, invocation.extra), scratch.Path(), janitor)};
    if (const auto started{target->Start()}; !started) return Complain(started.GetError().message);

    Tally tally;
    std::unique_ptr<peer::Proxy> proxy;
    const auto record{[&](uint64_t, size_t calls, const std::string& program) {
        tally.calls += calls;
        if (!recordings) return;
        const auto written{recordings->Write(program)};
        tally.recordings += written ? 1 : 0;
        if (!written && tally.problem.empty()) tally.problem = written.GetError().message;
    }};
    const auto served{peer::ServeUntilSignal(options.listen, [&](kj::AsyncIoContext& io) -> peer::Acceptor::Handler {
        proxy = std::make_unique<peer::Proxy>(*setup->schema, io.provider->getTimer(),
                                              peer::ProxyOptions{.main_interface = setup->file.rules.main_interface,
                                                                 .perturbations = *kinds,
                                                                 .seed = options.seed},
                                              record);
        return [&](kj::Own<kj::AsyncIoStream> client, uint64_t connection) -> kj::Promise<void> {
            ++tally.connections;
            const auto fd{target->Connect()};
            if (!fd) {
                std::cerr << fd.GetError().message << std::endl;
                return kj::READY_NOW;
            }
            auto server{io.lowLevelProvider->wrapSocketFd(*fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP |
                                                                   kj::LowLevelAsyncIoProvider::ALREADY_NONBLOCK |
                                                                   kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC)};
            return proxy->Relay(kj::mv(client), kj::mv(server), connection);
        };
    })};
    if (!served) return Complain(served.GetError().message);
    return Report(tally, options, *target);
}

} // namespace mpfuzz::apps
