// Measures how many round trips per second the binding makes. The calls come from the typed driver, or from a plain
// loop that makes the same calls, but does not choose arguments and does not check results. Client and server are in
// one process, or in two processes that are connected by a socket pair or a Unix socket.
#include <fuzz_interface/benchmark/recording.h>
#include <fuzz_interface/drivers/connector.h>
#include <fuzz_interface/drivers/typed_driver.h>

#include <mpfuzz/base/check.h>

#include <benchmark/benchmark.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>

namespace mpfuzz::fuzz_interface {
namespace {

// The number of calls in one repetition: enough to call every method with small and with large values.
constexpr uint64_t CALLS{500};
constexpr uint64_t SEED{1};

//! A client and its server. Connecting records the driver's calls, so that the loop can make them.
class Client
{
public:
    explicit Client(Transport transport) : m_connector{transport, Bugs{}} {}

    void Connect()
    {
        if (m_remote) return;
        m_init = m_connector.Connect();
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

    Connector m_connector;
    std::unique_ptr<FuzzInit> m_init;
    std::unique_ptr<FuzzInterface> m_remote;
    Recording m_recording;
};

void Measure(benchmark::State& state, Client& client, void (Client::*repetition)())
{
    client.Connect();
    for (auto _ : state) (client.*repetition)();
    // The number in each repetition, in both directions.
    state.counters["round trips"] =
        benchmark::Counter(client.RoundTrips(), benchmark::Counter::kIsIterationInvariantRate);
}

} // namespace
} // namespace mpfuzz::fuzz_interface

int main(int argc, char** argv)
{
    using mpfuzz::fuzz_interface::Client, mpfuzz::fuzz_interface::Measure, mpfuzz::fuzz_interface::Transport;
    std::signal(SIGPIPE, SIG_IGN);
    // Fork the child processes first, while this one has no other threads.
    const std::array<std::pair<std::string, std::unique_ptr<Client>>, 3> clients{
        std::pair{"process", std::make_unique<Client>(Transport::PROCESS)},
        std::pair{"socketpair", std::make_unique<Client>(Transport::SOCKETPAIR)},
        std::pair{"unix", std::make_unique<Client>(Transport::UNIX)}};
    for (const auto& [name, client] : clients) {
        Client& mine{*client};
        for (const auto& [what, repetition] : {std::pair{"driver/", static_cast<void (Client::*)()>(&Client::Drive)},
                                               std::pair{"loop/", &Client::Play}}) {
            benchmark::RegisterBenchmark(
                (what + name).c_str(),
                [&mine, repetition = repetition](benchmark::State& state) { Measure(state, mine, repetition); })
                ->Unit(benchmark::kMillisecond)
                ->UseRealTime();
        }
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
