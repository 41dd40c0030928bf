// Where libmultiprocess (v13, v14) cannot hold what binding.h promises; nothing here hides it:
//  - ~Loop waits until the last object that came from it has gone, since an mp::EventLoop ends no earlier.
//  - A handshake that fails: mp::ConnectStream's proxy throws while it is made, and the connection
//    keeps its address; or the connection is gone before the proxy takes hold of it. Either is a use after free.
//  - A client that leaves while a method runs that may throw std::exception: the server takes libmultiprocess's own
//    InterruptException for the method's, and writes it into results that have been freed.
//  - A std::function that was handed to the server lets kj::Exception through where the caller's answer cannot be read.
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

//! Nothing is logged; but what libmultiprocess "logs" at this level is what the caller is to be told.
mp::LogOptions Options()
{
    mp::LogOptions options;
    options.log_level = mp::Log::Raise;
    options.log_fn = [](const mp::LogMessage& message) {
        if (message.level == mp::Log::Raise) throw std::runtime_error{message.message};
    };
    return options;
}

//! What mp::ConnectStream and mp::ServeStream take: before v14 the descriptor itself, since then a stream.
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
        // libmultiprocess has no means to stop listening, and each new client would keep the loop alive.
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
    // Of our own, since libmultiprocess closes its descriptor when accepting fails.
    const int duplicate{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
    CHECK(duplicate >= 0, fd);
    m_listening.push_back(duplicate);
    mp::ListenConnections<messages::FuzzInit>(*m_loop, fd, init);
}

// As mp::ServeStream and mp::ConnectStream do it, which take descriptors only.

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
    return connection.release(); // the proxy's, or the handler's above: whichever comes first
}

} // namespace

std::unique_ptr<Loop> MakeLoop() { return std::make_unique<EventLoopThread>(); }

std::string_view BindingName() { return "libmultiprocess"; }

} // namespace mpfuzz::fuzz_interface
