#include <fuzz_interface/interface/binding.h>

#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/loop_thread.h>
#include <fuzz_interface/native/main_object.h>

#include <mpfuzz/stream/buffered_stream.h>

#include <kj/async-io.h>

#include <utility>

namespace mpfuzz::fuzz_interface::native {
namespace {

using fuzz_interface::FuzzInit;

// The pause after a failed accept, for example if no descriptor is left: long enough not to keep a core busy.
constexpr auto ACCEPT_RETRY{10 * kj::MILLISECONDS};

kj::Own<kj::AsyncIoStream> Buffer(kj::Own<kj::AsyncIoStream> stream)
{
    return kj::heap<stream::BufferedStream>(kj::mv(stream), stream::Writes::DIRECT);
}

kj::Own<kj::AsyncIoStream> WrapSocket(LoopThread& loop, int fd)
{
    return Buffer(loop.Io().lowLevelProvider->wrapSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP));
}

void ServeStream(const std::shared_ptr<LoopThread>& loop, kj::Own<kj::AsyncIoStream> stream, FuzzInit& init)
{
    Connection::Open(loop, kj::mv(stream),
                     Connection::MakeMain{[&init](const auto& link) { return MakeInitServer(link, init); }});
}

kj::Own<kj::ConnectionReceiver> WrapListeningSocket(LoopThread& loop, int fd)
{
    return loop.Io().lowLevelProvider->wrapListenSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
}

// Accepts clients on a listening socket.
class Listener final : public LoopObject
{
public:
    Listener(std::shared_ptr<LoopThread> loop, int fd, FuzzInit& init)
        : m_loop{std::move(loop)}, m_init{init}, m_receiver{WrapListeningSocket(*m_loop, fd)},
          m_accepting{Accept().eagerlyEvaluate(nullptr)}
    {
    }
    ~Listener() noexcept override = default;

private:
    kj::Promise<void> Accept()
    {
        return m_receiver->accept()
            .then(
                [this](kj::Own<kj::AsyncIoStream> stream) -> kj::Promise<void> {
                    ServeStream(m_loop, Buffer(kj::mv(stream)), m_init);
                    return kj::READY_NOW;
                },
                [this](kj::Exception&&) { return m_loop->Io().provider->getTimer().afterDelay(ACCEPT_RETRY); })
            .then([this] { return Accept(); });
    }

    const std::shared_ptr<LoopThread> m_loop;
    FuzzInit& m_init;
    kj::Own<kj::ConnectionReceiver> m_receiver;
    const kj::Promise<void> m_accepting;
};

class NativeLoop final : public fuzz_interface::Loop
{
public:
    NativeLoop() { m_loop->Start(); }
    ~NativeLoop() override { m_loop->Stop(); }

    std::unique_ptr<FuzzInit> Connect(int fd) override
    {
        return ConnectInit(*m_loop, [&] { return Connection::Open(m_loop, WrapSocket(*m_loop, fd), nullptr); });
    }

    void Serve(int fd, FuzzInit& init) override
    {
        m_loop->Sync([&] { ServeStream(m_loop, WrapSocket(*m_loop, fd), init); });
    }

    void Listen(int fd, FuzzInit& init) override
    {
        m_loop->Sync([&] { m_loop->Add(std::make_unique<Listener>(m_loop, fd, init)); });
    }

    std::unique_ptr<FuzzInit> Pipe(FuzzInit& init) override
    {
        return ConnectInit(*m_loop, [&] {
            auto pipe{kj::newTwoWayPipe()};
            ServeStream(m_loop, kj::mv(pipe.ends[0]), init);
            return Connection::Open(m_loop, kj::mv(pipe.ends[1]), nullptr);
        });
    }

private:
    const std::shared_ptr<LoopThread> m_loop{std::make_shared<LoopThread>()};
};

} // namespace
} // namespace mpfuzz::fuzz_interface::native

namespace mpfuzz::fuzz_interface {

std::unique_ptr<Loop> MakeLoop() { return std::make_unique<native::NativeLoop>(); }

std::string_view BindingName() { return "native"; }

} // namespace mpfuzz::fuzz_interface
