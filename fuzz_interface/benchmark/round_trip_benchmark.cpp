// Round trips through the binding: the typed driver's, and next to it a plain loop that makes the very same calls
// without choosing and checking them. Both ends in one process; two processes with a socket pair between; with a Unix
// socket.
#include <fuzz_interface/benchmark/recording.h>
#include <fuzz_interface/drivers/route.h>
#include <fuzz_interface/drivers/typed_driver.h>

#include <mpfuzz/base/check.h>

#include <benchmark/benchmark.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>

namespace mpfuzz::fuzz_interface {
namespace {

// Calls of one turn: enough for every method to have been called with small values and with large ones.
constexpr uint64_t CALLS{500};
constexpr uint64_t SEED{1};

//! A client, and what the driver does with it each time.
class Client
{
public:
    explicit Client(Way way) : m_route{way, Bugs{}} {}

    void Connect()
    {
        if (m_remote) return;
        m_init = m_route.Connect();
        m_remote = m_init->makeFuzz();
        Drive(*MakeRecorder(*m_remote, m_recording));
    }
    void Drive() { Drive(*m_remote); }
    void Play() { m_recording.Play(*m_remote); }
    double RoundTrips() const { return static_cast<double>(m_recording.RoundTrips()); }

private:
    static void Drive(FuzzInterface& remote)
    {
        base::Rng rng{SEED};
        Choices choices{rng};
        const auto wrong{DriveTyped(remote, choices, CALLS)};
        CHECK(!wrong, ToText(*wrong));
    }

    Route m_route;
    std::unique_ptr<FuzzInit> m_init;
    std::unique_ptr<FuzzInterface> m_remote;
    Recording m_recording;
};

void Measure(benchmark::State& state, Client& client, void (Client::*turn)())
{
    client.Connect();
    for (auto _ : state) (client.*turn)();
    // Of each turn, in both directions.
    state.counters["round trips"] =
        benchmark::Counter(client.RoundTrips(), benchmark::Counter::kIsIterationInvariantRate);
}

} // namespace
} // namespace mpfuzz::fuzz_interface

int main(int argc, char** argv)
{
    using mpfuzz::fuzz_interface::Client, mpfuzz::fuzz_interface::Measure, mpfuzz::fuzz_interface::Way;
    std::signal(SIGPIPE, SIG_IGN);
    // The other processes first, while there are no threads.
    const std::array<std::pair<std::string, std::unique_ptr<Client>>, 3> clients{
        std::pair{"process", std::make_unique<Client>(Way::PROCESS)},
        std::pair{"socketpair", std::make_unique<Client>(Way::SOCKETPAIR)},
        std::pair{"unix", std::make_unique<Client>(Way::UNIX)}};
    for (const auto& [name, client] : clients) {
        Client& mine{*client};
        for (const auto& [what, turn] : {std::pair{"driver/", static_cast<void (Client::*)()>(&Client::Drive)},
                                         std::pair{"loop/", &Client::Play}}) {
            benchmark::RegisterBenchmark((what + name).c_str(),
                                         [&mine, turn = turn](benchmark::State& state) { Measure(state, mine, turn); })
                ->Unit(benchmark::kMillisecond)
                ->UseRealTime();
        }
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
