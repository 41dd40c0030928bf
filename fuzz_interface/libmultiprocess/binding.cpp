// With libmultiprocess (v13, v14), this binding breaks the contract of binding.h in three cases:
//
// 1. ~Loop waits until the last object that the loop returned is destroyed, because an mp::EventLoop does not end
// before.
//
// 2. A failed handshake can cause a use after free. Either the constructor of mp::ConnectStream's proxy throws, and the
// connection keeps the proxy's address. Or the connection is closed before the proxy registers with it.
//
// 3. A client disconnects while a method runs that may throw std::exception. The server then takes libmultiprocess's
// own InterruptException for an exception of the method, and writes it into results that are already freed.
#include <fuzz_interface/interface/binding.h>

#include <fuzz_interface/libmultiprocess/fuzz_types.h>

#include <mpfuzz/base/check.h>

#include <fuzz_interface/interface/fuzz.capnp.proxy.h>

#include <kj/async-io.h>
#include <mp/proxy-io.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface {
namespace {

//! Logs nothing. libmultiprocess uses the log level Raise to throw an error to the caller.
mp::LogOptions Options()
{
    mp::LogOptions options;
    options.log_level = mp::Log::Raise;
    options.log_fn = [](const mp::LogMessage& message) {
        if (message.level == mp::Log::Raise) throw std::runtime_error{message.message};
    };
    return options;
}

//! The argument of mp::ConnectStream and mp::ServeStream: a stream since v14, before that the descriptor.
template<typename EventLoop>
auto EndOf(EventLoop& loop, int fd)
{
    if constexpr (requires { MakeStream(loop, fd); }) {
        return MakeStream(loop, fd);
    } else {
        return fd;
    }
}

class EventLoopThread final : public Loop
{
public:
    EventLoopThread();
    ~EventLoopThread() override;

    std::unique_ptr<FuzzInit> Connect(int fd) override
    {
        return mp::ConnectStream<messages::FuzzInit>(*m_loop, EndOf(*m_loop, fd));
    }

    void Serve(int fd, FuzzInit& init) override
    {
        m_loop->sync([&] { mp::ServeStream<messages::FuzzInit>(*m_loop, EndOf(*m_loop, fd), init); });
    }

    void Listen(int fd, FuzzInit& init) override;
    std::unique_ptr<FuzzInit> Pipe(FuzzInit& init) override;

private:
    void Run(std::promise<void>& ready);
    void ServePipe(kj::Own<kj::AsyncIoStream> end, FuzzInit& init);
    mp::Connection* ConnectPipe(kj::Own<kj::AsyncIoStream> end);

    mp::EventLoop* m_loop{nullptr}; //!< on the thread's stack
    std::optional<mp::EventLoopRef> m_ref;
    std::vector<int> m_listening; //!< duplicates
    std::thread m_thread;
};

EventLoopThread::EventLoopThread()
{
    std::promise<void> ready;
    m_thread = std::thread{[this, &ready] { Run(ready); }};
    ready.get_future().wait();
}

void EventLoopThread::Run(std::promise<void>& ready)
{
    mp::EventLoop loop{"mpfuzz", Options()};
    m_loop = &loop;
    m_ref.emplace(loop);
    ready.set_value();
    loop.loop();
}

EventLoopThread::~EventLoopThread()
{
    m_loop->sync([this] {
        // libmultiprocess cannot stop listening, and each new client would keep the loop alive.
        for (const int fd : m_listening) {
            ::shutdown(fd, SHUT_RDWR);
            ::close(fd);
        }
        m_loop->m_incoming_connections.clear();
    });
    m_ref.reset();
    m_thread.join();
}

void EventLoopThread::Listen(int fd, FuzzInit& init)
{
    // A duplicate, because libmultiprocess closes its own descriptor if accepting fails.
    const int duplicate{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
    CHECK(duplicate >= 0, fd);
    m_listening.push_back(duplicate);
    mp::ListenConnections<messages::FuzzInit>(*m_loop, fd, init);
}

// The same as mp::ServeStream and mp::ConnectStream, which only take descriptors before v14.

std::unique_ptr<FuzzInit> EventLoopThread::Pipe(FuzzInit& init)
{
    messages::FuzzInit::Client client{nullptr};
    mp::Connection* connection{nullptr};
    m_loop->sync([&] {
        kj::TwoWayPipe pipe{kj::newTwoWayPipe()};
        ServePipe(kj::mv(pipe.ends[0]), init);
        connection = ConnectPipe(kj::mv(pipe.ends[1]));
        client = connection->m_rpc_system->bootstrap(mp::ServerVatId{}.vat_id).castAs<messages::FuzzInit>();
    });
    using Proxy = mp::ProxyClient<messages::FuzzInit>;
    return std::make_unique<Proxy>(kj::mv(client), connection, /*destroy_connection=*/true);
}

void EventLoopThread::ServePipe(kj::Own<kj::AsyncIoStream> end, FuzzInit& init)
{
    std::list<mp::Connection>& connections{m_loop->m_incoming_connections};
    connections.emplace_front(*m_loop, kj::mv(end), [&init](mp::Connection& connection) {
        const std::shared_ptr<FuzzInit> borrowed{&init, [](FuzzInit*) {}};
        return kj::heap<mp::ProxyServer<messages::FuzzInit>>(borrowed, connection);
    });
    connections.front().onDisconnect([&connections, it = connections.begin()] { connections.erase(it); });
}

mp::Connection* EventLoopThread::ConnectPipe(kj::Own<kj::AsyncIoStream> end)
{
    auto connection = std::make_unique<mp::Connection>(*m_loop, kj::mv(end));
    mp::Connection* const borrowed{connection.get()};
    borrowed->onDisconnect([borrowed] { delete borrowed; });
    return connection.release(); // owned by the proxy or the handler above, whichever comes first
}

} // namespace

std::unique_ptr<Loop> MakeLoop() { return std::make_unique<EventLoopThread>(); }

std::string_view BindingName() { return "libmultiprocess"; }

} // namespace mpfuzz::fuzz_interface
