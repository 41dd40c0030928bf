#include <tests/puzzles/puzzle_server.h>

#include <CLI/CLI.hpp>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/exception.h>

#include <csignal>
#include <cstdio>
#include <string>

#include <unistd.h>

namespace mpfuzz::puzzles {
namespace {

constexpr int EXIT_ERROR{2};

//! Turns off log messages and stack traces: while fuzzing, clients cause thousands of exceptions.
class Quiet final : public kj::ExceptionCallback
{
public:
    void logMessage(kj::LogSeverity, const char*, int, int, kj::String&&) override {}
    StackTraceMode stackTraceMode() override { return StackTraceMode::NONE; }
};

class Session
{
public:
    Session(kj::Own<kj::AsyncIoStream> stream, kj::Timer& timer)
        : m_stream{kj::mv(stream)}, m_network{*m_stream, capnp::rpc::twoparty::Side::SERVER},
          m_rpc{capnp::makeRpcServer(m_network, MakePuzzle(timer))}
    {
    }

    kj::Promise<void> OnDisconnect() { return m_network.onDisconnect(); }

private:
    kj::Own<kj::AsyncIoStream> m_stream;
    capnp::TwoPartyVatNetwork m_network;
    capnp::RpcSystem<capnp::rpc::twoparty::VatId> m_rpc;
};

class Server final : private kj::TaskSet::ErrorHandler
{
public:
    explicit Server(kj::Timer& timer) : m_timer{timer} {}

    kj::Promise<void> AcceptAll(kj::ConnectionReceiver& receiver)
    {
        return receiver.accept().then([this, &receiver](kj::Own<kj::AsyncIoStream> stream) {
            auto session{kj::heap<Session>(kj::mv(stream), m_timer)};
            auto end{session->OnDisconnect()};
            m_sessions.add(end.attach(kj::mv(session)));
            return AcceptAll(receiver);
        });
    }

private:
    void taskFailed(kj::Exception&&) override {}

    kj::Timer& m_timer;
    kj::TaskSet m_sessions{*this};
};

void Serve(const std::string& path)
{
    Quiet quiet;
    std::signal(SIGPIPE, SIG_IGN);
    kj::UnixEventPort::captureSignal(SIGTERM);
    auto io{kj::setupAsyncIo()};
    auto address{io.provider->getNetwork().parseAddress("unix:" + path).wait(io.waitScope)};
    auto receiver{address->listen()};
    Server server{io.provider->getTimer()};
    server.AcceptAll(*receiver).exclusiveJoin(io.unixEventPort.onSignal(SIGTERM).ignoreResult()).wait(io.waitScope);
    unlink(path.c_str());
    // Run no destructors: some contain a planted bug, which only a client may trigger.
    _exit(0);
}

int Main(int argc, char** argv)
{
    CLI::App app{"A server with one planted bug, for mpfuzz to find."};
    std::string path;
    app.add_option("--socket", path, "Unix socket to listen on")->required();
    CLI11_PARSE(app, argc, argv);
    try {
        Serve(path);
    } catch (const kj::Exception& error) {
        std::fprintf(stderr, "%s: %s\n", argv[0], error.getDescription().cStr());
    }
    return EXIT_ERROR;
}

} // namespace
} // namespace mpfuzz::puzzles

int main(int argc, char** argv) { return mpfuzz::puzzles::Main(argc, argv); }
