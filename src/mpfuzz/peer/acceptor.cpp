#include <mpfuzz/peer/acceptor.h>

#include <kj/async-unix.h>
#include <kj/exception.h>

#include <csignal>

namespace mpfuzz::peer {
namespace {

// A guess: far more than a test needs. Each connection may use as much memory as its own limits allow.
constexpr size_t MAX_CONNECTIONS{64};

// The pause after accept has failed, for example because no descriptor is left.
constexpr auto ACCEPT_RETRY{10 * kj::MILLISECONDS};

// After this number of events the event loop polls all descriptors, so that one client that never stops sending does
// not block the others. A guess: some dozens of calls.
constexpr uint32_t EVENTS_BETWEEN_POLLS{1'000};

//! Drops KJ's log messages and stacks. The mistakes of clients cause thousands of exceptions, which are expected.
class QuietCallback final : public kj::ExceptionCallback
{
public:
    void logMessage(kj::LogSeverity, const char*, int, int, kj::String&&) override {}
    StackTraceMode stackTraceMode() override { return StackTraceMode::NONE; }
};

kj::Promise<void> OnSignal(kj::UnixEventPort& port)
{
    return port.onSignal(SIGTERM).ignoreResult().exclusiveJoin(port.onSignal(SIGINT).ignoreResult());
}

} // namespace

Acceptor::Acceptor(kj::AsyncIoContext& io, Handler handler) : m_io{io}, m_handler{std::move(handler)} {}

kj::Promise<void> Acceptor::Accept(const stream::ListenSocket& socket)
{
    auto receiver{m_io.lowLevelProvider->wrapListenSocketFd(
        socket.Fd(), kj::LowLevelAsyncIoProvider::ALREADY_NONBLOCK | kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC)};
    auto promise{AcceptNext(*receiver)};
    return promise.attach(kj::mv(receiver));
}

kj::Promise<void> Acceptor::AcceptNext(kj::ConnectionReceiver& receiver)
{
    return receiver.accept()
        .then(
            [this](kj::Own<kj::AsyncIoStream> stream) -> kj::Promise<void> {
                if (m_open < MAX_CONNECTIONS) Start(kj::mv(stream));
                return kj::READY_NOW;
            },
            [this](kj::Exception&&) { return m_io.provider->getTimer().afterDelay(ACCEPT_RETRY); })
        .then([this, &receiver] { return AcceptNext(receiver); });
}

void Acceptor::Start(kj::Own<kj::AsyncIoStream> stream)
{
    ++m_open;
    m_tasks.add(
        kj::evalNow([&] { return m_handler(kj::mv(stream), m_next++); }).attach(kj::defer([this] { --m_open; })));
}

base::Status ServeUntilSignal(const std::string& path,
                              const std::function<Acceptor::Handler(kj::AsyncIoContext&)>& make)
{
    QuietCallback quiet; // KJ requires it to be on the stack.
    kj::UnixEventPort::captureSignal(SIGTERM);
    kj::UnixEventPort::captureSignal(SIGINT);
    std::signal(SIGPIPE, SIG_IGN);
    const auto socket{stream::ListenSocket::Open(path)};
    if (!socket) return socket.GetError();
    auto io{kj::setupAsyncIo()};
    io.waitScope.setBusyPollInterval(EVENTS_BETWEEN_POLLS);
    Acceptor acceptor{io, make(io)};
    acceptor.Accept(*socket).exclusiveJoin(OnSignal(io.unixEventPort)).wait(io.waitScope);
    return base::Ok();
}

} // namespace mpfuzz::peer
