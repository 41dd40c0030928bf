// model_node: a small server with the IPC interfaces of bitcoin-node.
#include <targets/model_node/bugs.h>
#include <targets/model_node/job.h>
#include <targets/model_node/node.h>
#include <targets/model_node/server.h>

#include <CLI/CLI.hpp>
#include <kj/async-io.h>
#include <kj/async-unix.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mpfuzz::model_node {
namespace {

struct Options {
    std::string socket;
    int socket_fd{-1};
    unsigned start_delay_ms{0};
    bool list_bugs{false};
    Bugs bugs;
};

constexpr int MISTAKE{2};

// Guess: a few dozen calls.
constexpr uint32_t EVENTS_BETWEEN_POLLS{1'000};

// Returns an exit status, or nullopt to continue.
std::optional<int> ParseOptions(int argc, char** argv, Options& options)
{
    CLI::App app{"A small server with Bitcoin Core's Mining, Echo and Rpc interfaces, on a regtest chain in memory."};
    auto* const socket{app.add_option("--socket", options.socket, "Unix socket to listen on")};
    app.add_option("--socket-fd", options.socket_fd,
                   "Inherited, connected socket to serve; exits when its client leaves")
        ->excludes(socket);
    app.add_option("--start-delay", options.start_delay_ms,
                   "Wait this many milliseconds before listening, as a server does that takes long to start");
    app.add_flag("--list-bugs", options.list_bugs, "Print the names of the bugs that can be planted, one a line");
    std::vector<std::string> names;
    app.add_option("--bug", names, "Switch on a planted bug")->allow_extra_args(false);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : MISTAKE;
    }
    for (const std::string& name : names) {
        if (Enable(options.bugs, name)) continue;
        std::fprintf(stderr, "model_node: there is no bug called '%s'; --list-bugs prints their names\n", name.c_str());
        return MISTAKE;
    }
    if (!options.list_bugs && options.socket.empty() && options.socket_fd < 0) {
        std::fprintf(stderr, "model_node: give --socket PATH or --socket-fd N\n");
        return MISTAKE;
    }
    return std::nullopt;
}

int ListBugs()
{
    for (const BugInfo& bug : AllBugs()) std::printf("%s\n", std::string{bug.name}.c_str());
    return 0;
}

kj::Promise<void> OnSignal(kj::UnixEventPort& port, Node& node)
{
    auto signal{port.onSignal(SIGTERM).ignoreResult().exclusiveJoin(port.onSignal(SIGINT).ignoreResult())};
    if (!node.GetBugs().unkillable) return signal;
    // PLANTED BUG unkillable: waits for the clients' calls first.
    return signal.then([&node] { return node.OpenCalls().WhenNone(); });
}

//! Turns off stack traces, which cost time: while fuzzing, clients cause thousands of exceptions.
class WithoutStacks final : public kj::ExceptionCallback
{
public:
    StackTraceMode stackTraceMode() override { return StackTraceMode::NONE; }
};

int Serve(const Options& options)
{
    WithoutStacks without_stacks;
    kj::UnixEventPort::captureSignal(SIGTERM);
    kj::UnixEventPort::captureSignal(SIGINT);
    std::signal(SIGPIPE, SIG_IGN);
    std::this_thread::sleep_for(std::chrono::milliseconds{options.start_delay_ms});
    std::optional<stream::ListenSocket> socket;
    if (!options.socket.empty()) {
        auto opened{stream::ListenSocket::Open(options.socket)};
        if (!opened) throw std::runtime_error{opened.GetError().message};
        socket.emplace(std::move(*opened));
    }

    // These are destroyed from the last to the first. First the server ends the clients' sessions, which cancels their
    // calls. Then the node joins the threads. The queue to which the threads report is destroyed last.
    auto io{kj::setupAsyncIo()};
    // A client that never stops sending must not stop the loop from serving the others.
    io.waitScope.setBusyPollInterval(EVENTS_BETWEEN_POLLS);
    CompletionQueue completions{io.unixEventPort};
    Node node{options.bugs, completions};
    Server server{node, *io.lowLevelProvider, io.provider->getTimer()};
    auto served{socket ? server.Listen(*socket) : server.ServeSocket(options.socket_fd)};
    served.exclusiveJoin(OnSignal(io.unixEventPort, node)).exclusiveJoin(completions.SettleAll()).wait(io.waitScope);
    return 0;
}

int Main(int argc, char** argv)
{
    Options options;
    if (const auto status{ParseOptions(argc, argv, options)}) return *status;
    if (options.list_bugs) return ListBugs();
    try {
        return Serve(options);
    } catch (const kj::Exception& error) {
        std::fprintf(stderr, "model_node: %s\n", error.getDescription().cStr());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "model_node: %s\n", error.what());
    }
    return MISTAKE;
}

} // namespace
} // namespace mpfuzz::model_node

int main(int argc, char** argv) { return mpfuzz::model_node::Main(argc, argv); }
