// fuzz_interface_drive: the drivers as a program, through the binding that it is linked with, in one process or two.
#include <fuzz_interface/drivers/object_driver.h>
#include <fuzz_interface/drivers/request_driver.h>
#include <fuzz_interface/drivers/response_driver.h>
#include <fuzz_interface/drivers/route.h>
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

constexpr int MISTAKE{2};

// Of a run of the typed driver.
constexpr uint64_t CALLS{1'000};

struct Options {
    std::string driver;
    Way way{Way::PROCESS};
    std::string socket;
    uint64_t seed{1};
    uint64_t runs{1};
    std::optional<double> seconds;
    int32_t clients{1};
    bool spare_destroyed{false};
    Bugs bugs;
};

//! One run of a driver, all of it decided by the seed, which the choices come from.
using Run = std::function<std::optional<Failure>(Choices& choices, uint64_t seed)>;

//! On one connection, for all its runs.
Run MakeTyped(Route& route, int32_t slot)
{
    const std::shared_ptr<FuzzInit> init{route.Connect()};
    const std::shared_ptr<FuzzInterface> remote{init->makeFuzz()};
    return [init, remote, slot](Choices& choices, uint64_t) -> std::optional<Failure> {
        const auto wrong{DriveTyped(*remote, choices, CALLS, slot)};
        return wrong ? std::optional{Failure{ToText(*wrong)}} : std::nullopt;
    };
}

Run MakeRequests(Route& route, const Options& options)
{
    return
        [&route, request_options = RequestOptions{.destroys = !options.spare_destroyed}](Choices& choices, uint64_t) {
            auto failure{DriveRequests(route.ConnectSocket(), choices, request_options)};
            return failure ? failure : FindLeftovers([&route] { return route.Connect(); }, {});
        };
}

Run MakeResponses(Route& route, const Options& options)
{
    return [&route, way = options.way](Choices& choices, uint64_t seed) -> std::optional<Failure> {
        if (way == Way::PROCESS) return DriveResponses(route.GetLoop(), choices, {});
        const int fd{route.HaveCallsMade(seed)};
        if (fd < 0) return Failure{"the client's process has ended"};
        ServeMalformed(fd, choices);
        return std::nullopt;
    };
}

Run MakeObjects(Route& route)
{
    return [&route](Choices& choices, uint64_t) {
        return DriveObjects([&route] { return route.Connect(); }, choices, {});
    };
}

Run MakeRun(Route& route, const Options& options, int32_t client)
{
    if (options.driver == "typed") return MakeTyped(route, client);
    if (options.driver == "requests") return MakeRequests(route, options);
    if (options.driver == "responses") return MakeResponses(route, options);
    return MakeObjects(route);
}

//! What all clients know of the whole.
class Drive
{
public:
    Drive(Route& route, const Options& options) : m_route{route}, m_options{options} {}

    //! @return False where something was not as it should be.
    bool All()
    {
        std::vector<std::thread> others;
        for (int32_t client{1}; client < m_options.clients; ++client) {
            others.emplace_back([this, client] { One(client); });
        }
        One(0);
        for (std::thread& other : others) other.join();
        const Seconds took{Clock::now() - m_begin};
        std::printf("%s: %llu runs in %.1f s\n", m_options.driver.c_str(),
                    static_cast<unsigned long long>(m_runs.load()), took.count());
        if (m_options.driver == "typed") {
            std::printf("%.0f calls a second, besides those of callbacks\n",
                        static_cast<double>(m_runs * CALLS) / took.count());
        }
        return !m_failed;
    }

private:
    //! Each client takes the next seed.
    void One(int32_t client)
    {
        std::optional<uint64_t> seed;
        try {
            const Run run{MakeRun(m_route, m_options, client)};
            while (!m_failed && (seed = NextSeed())) {
                base::Rng rng{*seed};
                Choices choices{rng};
                if (const auto failure{run(choices, *seed)}) return Tell(*seed, failure->text);
                ++m_runs;
            }
        } catch (const std::exception& error) {
            Tell(seed.value_or(m_options.seed), error.what());
        }
    }

    std::optional<uint64_t> NextSeed()
    {
        const bool late{m_options.seconds && Seconds{Clock::now() - m_begin}.count() >= *m_options.seconds};
        const uint64_t run{m_begun++};
        if (late || (!m_options.seconds && run >= m_options.runs)) return std::nullopt;
        return m_options.seed + run;
    }

    void Tell(uint64_t seed, const std::string& what)
    {
        m_failed = true;
        const std::lock_guard lock{m_mutex};
        const char* const end{what.ends_with('\n') ? "" : "\n"};
        std::fprintf(stderr, "wrong: %s%sIt was with --seed %llu.\n", what.c_str(), end,
                     static_cast<unsigned long long>(seed));
    }

    Route& m_route;
    const Options& m_options;
    const Clock::time_point m_begin{Clock::now()};
    std::atomic<uint64_t> m_begun{0};
    std::atomic<uint64_t> m_runs{0};
    std::atomic<bool> m_failed{false};
    std::mutex m_mutex;
};

// Nothing: go on. A number: exit with it.
std::optional<int> ParseOptions(int argc, char** argv, Options& options)
{
    CLI::App app{"Drive the fuzz interface through the binding \"" + std::string{BindingName()} +
                 "\". Exit status 0 where all was as it should be, 1 where not."};
    app.add_option("driver", options.driver, "typed, requests, responses or objects")
        ->required()
        ->check(CLI::IsMember{std::vector<std::string>{"typed", "requests", "responses", "objects"}});
    const std::map<std::string, Way> ways{
        {"process", Way::PROCESS}, {"socketpair", Way::SOCKETPAIR}, {"unix", Way::UNIX}};
    auto* const through{
        app.add_option("--through", options.way,
                       "Both ends in one process, or in two with a socket pair or a Unix socket between")
            ->transform(CLI::CheckedTransformer{ways})};
    app.add_option("--socket", options.socket, "Drive the server that listens at this path")->excludes(through);
    app.add_option("--seed", options.seed, "Of the first run; the next one has the next number");
    auto* const runs{app.add_option("--runs", options.runs, "How many; of the typed driver, a thousand calls each")};
    app.add_option("--time", options.seconds, "Begin runs for so many seconds, however many")->excludes(runs);
    app.add_option("--clients", options.clients, "Of the typed driver, at the same time")->check(CLI::Range{1, SLOTS});
    app.add_flag(
        "--spare-destroyed", options.spare_destroyed,
        "Of the driver `requests`: destroy nothing, for a binding whose objects must not be called after that");
    std::vector<std::string> bugs;
    app.add_option("--bug", bugs, "Switch on a planted bug; fuzz_interface_server --list-bugs prints their names")
        ->allow_extra_args(false);
    const auto refuse{[](const std::string& what) {
        std::fprintf(stderr, "fuzz_interface_drive: %s\n", what.c_str());
        return MISTAKE;
    }};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : MISTAKE;
    }
    for (const std::string& bug : bugs) {
        if (!Enable(options.bugs, bug)) return refuse("there is no bug called '" + bug + "'");
    }
    if (!options.socket.empty() && !bugs.empty())
        return refuse("the bugs of that server are switched on where it starts");
    if (!options.socket.empty() && options.driver == "responses") return refuse("responses: the driver is the server");
    if (options.clients > 1 && options.driver != "typed") return refuse(options.driver + ": there is one client");
    return std::nullopt;
}

int Main(int argc, char** argv)
{
    Options options;
    if (const auto status{ParseOptions(argc, argv, options)}) return *status;
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const auto route{options.socket.empty() ? std::make_unique<Route>(options.way, options.bugs)
                                                : std::make_unique<Route>(options.socket)};
        bool well{Drive{*route, options}.All()};
        if (const std::string ending{route->End()}; !ending.empty()) {
            std::fprintf(stderr, "the other process %s\n", ending.c_str());
            well = false;
        }
        return well ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fuzz_interface_drive: %s\n", error.what());
    }
    return MISTAKE;
}

} // namespace
} // namespace mpfuzz::fuzz_interface

int main(int argc, char** argv) { return mpfuzz::fuzz_interface::Main(argc, argv); }

// libkj is not built with our sanitizer.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
