#include <mpfuzz/peer/acceptor.h>

#include <capnp/rpc.capnp.h>
#include <capnp/serialize.h>
#include <kj/async-unix.h>
#include <kj/debug.h>
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

namespace {

// A guess: the size of an entry in Cap'n Proto's table of answers, with the context of the call.
constexpr uint64_t ENTRY_BYTES{1024};

template<typename OnMessage>
void ForEachMessage(FrameSplitter& frames, std::span<const kj::byte> bytes, const OnMessage& on_message)
{
    const bool messages{frames.Feed(bytes, [&](kj::ArrayPtr<const capnp::word> words) {
        capnp::FlatArrayMessageReader reader{words};
        on_message(reader.getRoot<capnp::rpc::Message>(), words.size() * sizeof(capnp::word));
    })};
    KJ_REQUIRE(messages, "these bytes are not messages");
}

} // namespace

void AnswerMeter::Received(std::span<const kj::byte> bytes)
{
    ForEachMessage(m_received, bytes, [&](capnp::rpc::Message::Reader message, uint64_t) {
        if (!message.isFinish()) return;
        const auto answer{m_answers.find(message.getFinish().getQuestionId())};
        if (answer == m_answers.end()) return;
        m_held -= answer->second;
        m_answers.erase(answer);
    });
}

void AnswerMeter::Sent(std::span<const kj::byte> bytes)
{
    ForEachMessage(m_sent, bytes, [&](capnp::rpc::Message::Reader message, uint64_t size) {
        if (!message.isReturn()) return;
        uint64_t& held{m_answers[message.getReturn().getAnswerId()]};
        m_held += ENTRY_BYTES + size - held;
        held = ENTRY_BYTES + size;
    });
}

kj::Promise<size_t> BoundedStream::tryRead(void* buffer, size_t min_bytes, size_t max_bytes)
{
    if (m_writing == 0) {
        return m_inner->tryRead(buffer, min_bytes, max_bytes).then([this, buffer](size_t size) {
            m_meter.Received({static_cast<const kj::byte*>(buffer), size});
            KJ_REQUIRE(m_meter.Held() <= m_max_held_bytes, "this client has too many unfinished answers");
            return size;
        });
    }
    auto written{kj::newPromiseAndFulfiller<void>()};
    m_reader = kj::mv(written.fulfiller);
    return written.promise.then([=, this] {
        // evalLast, so that further writes that are ready begin before this read.
        return kj::evalLast([=, this] { return tryRead(buffer, min_bytes, max_bytes); });
    });
}

kj::Promise<void> BoundedStream::write(const void* buffer, size_t size) { return Count(m_inner->write(buffer, size)); }

kj::Promise<void> BoundedStream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces)
{
    for (const auto& piece : pieces) m_meter.Sent({piece.begin(), piece.size()});
    return Count(m_inner->write(pieces));
}

kj::Promise<void> BoundedStream::Count(kj::Promise<void> write)
{
    ++m_writing;
    return write.attach(kj::defer([this] {
        if (--m_writing > 0) return;
        KJ_IF_MAYBE (reader, m_reader) (*reader)->fulfill();
        m_reader = nullptr;
    }));
}

} // namespace mpfuzz::peer
