// fuzz_interface_drive: the drivers as a program, through the binding that it is linked with, in one process or two.
#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/object_driver.h>
#include <fuzz_interface/drivers/request_driver.h>
#include <fuzz_interface/drivers/response_driver.h>
#include <fuzz_interface/drivers/typed_driver.h>
#include <fuzz_interface/interface/binding.h>
#include <fuzz_interface/server/bugs.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int EXIT_USAGE{2};

// The number of calls in one run of the typed driver.
constexpr uint64_t CALLS{1'000};

struct Options {
    std::string driver;
    Transport transport{Transport::PROCESS};
    std::string socket;
    uint64_t seed{1};
    uint64_t runs{1};
    std::optional<double> seconds;
    int32_t clients{1};
    bool spare_destroyed{false};
    Bugs bugs;
};

//! One run of a driver. The choices come from a random number generator with this seed.
using Run = std::function<std::optional<Failure>(Choices& choices, uint64_t seed)>;

//! Makes the runs of the typed driver. All of them use one connection.
Run MakeTyped(Connector& connector, int32_t slot)
{
    const std::shared_ptr<FuzzInit> init{connector.Connect()};
    const std::shared_ptr<FuzzInterface> remote{init->makeFuzz()};
    return [init, remote, slot](Choices& choices, uint64_t) -> std::optional<Failure> {
        const auto wrong{DriveTyped(*remote, choices, CALLS, slot)};
        return wrong ? std::optional{Failure{ToText(*wrong)}} : std::nullopt;
    };
}

Run MakeRequests(Connector& connector, const Options& options)
{
    const RequestOptions request_options{.destroys = !options.spare_destroyed};
    return [&connector, request_options](Choices& choices, uint64_t) {
        auto failure{DriveRequests(connector.ConnectSocket(), choices, request_options)};
        return failure ? failure : FindLeftovers([&connector] { return connector.Connect(); }, {});
    };
}

Run MakeResponses(Connector& connector, const Options& options)
{
    return [&connector, transport = options.transport](Choices& choices, uint64_t seed) -> std::optional<Failure> {
        if (transport == Transport::PROCESS) return DriveResponses(connector.GetLoop(), choices, {});
        const int fd{connector.StartRemoteClient(seed)};
        if (fd < 0) return Failure{"the client's process has ended"};
        ServeMalformed(fd, choices);
        return std::nullopt;
    };
}

Run MakeObjects(Connector& connector)
{
    return [&connector](Choices& choices, uint64_t) {
        return DriveObjects([&connector] { return connector.Connect(); }, choices, {});
    };
}

Run MakeRun(Connector& connector, const Options& options, int32_t client)
{
    if (options.driver == "typed") return MakeTyped(connector, client);
    if (options.driver == "requests") return MakeRequests(connector, options);
    if (options.driver == "responses") return MakeResponses(connector, options);
    return MakeObjects(connector);
}

//! Runs the driver with one or more clients, each on its own thread.
class Campaign
{
public:
    Campaign(Connector& connector, const Options& options) : m_connector{connector}, m_options{options} {}

    //! @return Whether there was no failure.
    bool RunAll()
    {
        std::vector<std::thread> others;
        for (int32_t client{1}; client < m_options.clients; ++client) {
            others.emplace_back([this, client] { RunClient(client); });
        }
        RunClient(0);
        for (std::thread& other : others) other.join();
        const Seconds took{Clock::now() - m_begin};
        std::printf("%s: %llu runs in %.1f s\n", m_options.driver.c_str(),
                    static_cast<unsigned long long>(m_runs.load()), took.count());
        if (m_options.driver == "typed") {
            std::printf("%.0f calls per second, not counting those made by callbacks\n",
                        static_cast<double>(m_runs * CALLS) / took.count());
        }
        return !m_failed;
    }

private:
    //! Makes runs until there are no more seeds. All clients share the seeds.
    void RunClient(int32_t client)
    {
        std::optional<uint64_t> seed;
        try {
            const Run run{MakeRun(m_connector, m_options, client)};
            while (!m_failed && (seed = NextSeed())) {
                base::Rng rng{*seed};
                Choices choices{rng};
                if (const auto failure{run(choices, *seed)}) return Report(*seed, failure->text);
                ++m_runs;
            }
        } catch (const std::exception& error) {
            Report(seed.value_or(m_options.seed), error.what());
        }
    }

    std::optional<uint64_t> NextSeed()
    {
        const bool late{m_options.seconds && Seconds{Clock::now() - m_begin}.count() >= *m_options.seconds};
        const uint64_t run{m_begun++};
        if (late || (!m_options.seconds && run >= m_options.runs)) return std::nullopt;
        return m_options.seed + run;
    }

    void Report(uint64_t seed, const std::string& what)
    {
        m_failed = true;
        const std::lock_guard lock{m_mutex};
        const char* const end{what.ends_with('\n') ? "" : "\n"};
        std::fprintf(stderr, "wrong: %s%sIt happened with --seed %llu.\n", what.c_str(), end,
                     static_cast<unsigned long long>(seed));
    }

    Connector& m_connector;
    const Options& m_options;
    const Clock::time_point m_begin{Clock::now()};
    std::atomic<uint64_t> m_begun{0};
    std::atomic<uint64_t> m_runs{0};
    std::atomic<bool> m_failed{false};
    std::mutex m_mutex;
};

//! Returns nullopt to continue, or the exit status.
std::optional<int> ParseOptions(int argc, char** argv, Options& options)
{
    CLI::App app{"Drive the fuzz interface through the binding \"" + std::string{BindingName()} +
                 "\". Exit status: 0 without failures, 1 with one, 2 for a wrong command line or a failed start."};
    app.add_option(
           "driver", options.driver,
           "typed (calls through proxies, results compared), requests (malformed calls to the server), "
           "responses (malformed answers to the client), or objects (objects and callbacks on several connections)")
        ->required()
        ->check(CLI::IsMember{std::vector<std::string>{"typed", "requests", "responses", "objects"}});
    const std::map<std::string, Transport> transports{
        {"process", Transport::PROCESS}, {"socketpair", Transport::SOCKETPAIR}, {"unix", Transport::UNIX}};
    auto* const through{app.add_option("--through", options.transport,
                                       "process: client and server in one process; socketpair, unix: in two processes, "
                                       "connected by a socket pair "
                                       "or a Unix socket")
                            ->transform(CLI::CheckedTransformer{transports})};
    app.add_option("--socket", options.socket, "Drive a running server that listens on the Unix socket at this path")
        ->excludes(through);
    app.add_option("--seed", options.seed, "Seed of the first run; each further run adds 1");
    auto* const runs{
        app.add_option("--runs", options.runs, "Number of runs; a run of the typed driver is 1,000 calls")};
    app.add_option("--time", options.seconds, "Start runs until this number of seconds has passed")->excludes(runs);
    app.add_option("--clients", options.clients, "Number of clients at the same time (typed only)")
        ->check(CLI::Range{1, SLOTS});
    app.add_flag("--spare-destroyed", options.spare_destroyed,
                 "Never call `destroy` (requests only): for bindings whose objects must not be called after it");
    std::vector<std::string> bugs;
    app.add_option("--bug", bugs, "Switch on a planted bug; `fuzz_interface_server --list-bugs` prints their names")
        ->allow_extra_args(false);
    const auto refuse{[](const std::string& what) {
        std::fprintf(stderr, "fuzz_interface_drive: %s\n", what.c_str());
        return EXIT_USAGE;
    }};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : EXIT_USAGE;
    }
    for (const std::string& bug : bugs) {
        if (!Enable(options.bugs, bug)) return refuse("there is no bug called '" + bug + "'");
    }
    if (!options.socket.empty() && !bugs.empty())
        return refuse("--bug has no effect with --socket: pass it to the server");
    if (!options.socket.empty() && options.driver == "responses")
        return refuse("responses cannot be used with --socket, because this driver is the server");
    if (options.clients > 1 && options.driver != "typed")
        return refuse("only the driver typed can have several clients");
    return std::nullopt;
}

int Main(int argc, char** argv)
{
    Options options;
    if (const auto status{ParseOptions(argc, argv, options)}) return *status;
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const auto connector{options.socket.empty() ? std::make_unique<Connector>(options.transport, options.bugs)
                                                    : std::make_unique<Connector>(options.socket)};
        bool success{Campaign{*connector, options}.RunAll()};
        if (const std::string ending{connector->StopChild()}; !ending.empty()) {
            std::fprintf(stderr, "the other process %s\n", ending.c_str());
            success = false;
        }
        return success ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fuzz_interface_drive: %s\n", error.what());
    }
    return EXIT_USAGE;
}

} // namespace
} // namespace mpfuzz::fuzz_interface

int main(int argc, char** argv) { return mpfuzz::fuzz_interface::Main(argc, argv); }

// libkj is not built with AddressSanitizer.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
