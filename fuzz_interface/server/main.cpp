// fuzz_interface_server: serves the fuzz interface on a Unix socket, through the binding that it is linked with.
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/bugs.h>
#include <fuzz_interface/server/implementation.h>

#include <mpfuzz/stream/unix_socket.h>

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

struct Options {
    std::string socket;
    bool list_bugs{false};
    Bugs bugs;
};

constexpr int MISTAKE{2};

// Returns nullopt to continue, or the exit status.
std::optional<int> ParseOptions(int argc, char** argv, Options& options)
{
    CLI::App app{"Serves the fuzz interface through the binding \"" + std::string{BindingName()} + "\"."};
    app.add_option("--socket", options.socket, "Unix socket to listen on");
    app.add_flag("--list-bugs", options.list_bugs, "Print the names of the planted bugs, one a line");
    std::vector<std::string> names;
    app.add_option("--bug", names, "Turn on a planted bug")->allow_extra_args(false);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : MISTAKE;
    }
    for (const std::string& name : names) {
        if (Enable(options.bugs, name)) continue;
        std::fprintf(stderr, "fuzz_interface_server: there is no bug called '%s'; --list-bugs prints their names\n",
                     name.c_str());
        return MISTAKE;
    }
    if (!options.list_bugs && options.socket.empty()) {
        std::fprintf(stderr, "fuzz_interface_server: give --socket PATH\n");
        return MISTAKE;
    }
    return std::nullopt;
}

int ListBugs()
{
    for (const BugInfo& bug : AllBugs()) std::printf("%s\n", std::string{bug.name}.c_str());
    return 0;
}

//! Blocks SIGTERM and SIGINT in this thread and in those that it starts, so that sigwait receives them.
sigset_t HoldSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

int Serve(const Options& options)
{
    const sigset_t signals{HoldSignals()};
    auto socket{stream::ListenSocket::Open(options.socket)};
    if (!socket) throw std::runtime_error{socket.GetError().message};

    const auto implementation{MakeImplementation(options.bugs)};
    auto loop{MakeLoop()};
    loop->Listen(socket->TakeFd(), *implementation);
    int signal{0};
    sigwait(&signals, &signal);
    implementation->Close();
    loop.reset();
    return 0;
}

int Main(int argc, char** argv)
{
    Options options;
    if (const auto status{ParseOptions(argc, argv, options)}) return *status;
    if (options.list_bugs) return ListBugs();
    try {
        return Serve(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fuzz_interface_server: %s\n", error.what());
    }
    return MISTAKE;
}

} // namespace
} // namespace mpfuzz::fuzz_interface

int main(int argc, char** argv) { return mpfuzz::fuzz_interface::Main(argc, argv); }
