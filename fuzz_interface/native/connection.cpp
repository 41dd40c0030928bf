#include <fuzz_interface/native/connection.h>

#include <fuzz_interface/native/calls.h>
#include <fuzz_interface/native/threads.h>

#include <capnp/message.h>

#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface::native {
namespace {

using capnp::rpc::twoparty::Side;

// Guess: far more than a client needs.
constexpr size_t MAX_THREADS{128};

// The name of our threads, which the peer may log.
constexpr const char* CALLER_NAME{"mpfuzz"};

} // namespace

Connection& Link::Get() const
{
    if (connection == nullptr) throw std::runtime_error{"the connection is closed"};
    return *connection;
}

std::shared_ptr<Link> Connection::Open(const std::shared_ptr<LoopThread>& loop, kj::Own<kj::AsyncIoStream> stream,
                                       kj::Maybe<MakeMain> make_main)
{
    auto link{std::make_shared<Link>(Link{loop})};
    loop->Add(std::make_unique<Connection>(link, kj::mv(stream), kj::mv(make_main)));
    return link;
}

Connection::Connection(std::shared_ptr<Link> link, kj::Own<kj::AsyncIoStream> stream, kj::Maybe<MakeMain> make_main)
    : m_link{std::move(link)}, m_stream{kj::mv(stream)},
      m_network{*m_stream, make_main == nullptr ? Side::CLIENT : Side::SERVER}, m_disconnect{nullptr}
{
    KJ_IF_MAYBE (make, make_main) {
        m_rpc.emplace(capnp::makeRpcServer(m_network, (*make)(m_link)));
    } else {
        m_rpc.emplace(capnp::makeRpcClient(m_network));
    }
    // Posted, not called: Remove destroys m_disconnect, and a promise must not be destroyed by its own continuation.
    m_disconnect = m_network.onDisconnect()
                       .then([this] {
                           m_link->loop->Post([link = m_link] {
                               if (link->connection != nullptr) link->loop->Remove(*link->connection);
                           });
                       })
                       .eagerlyEvaluate(nullptr);
    m_link->connection = this;
}

Connection::~Connection() noexcept
{
    m_link->connection = nullptr;
    m_canceler.cancel("the connection is closed");
    for (const auto& call : m_running) call->Disconnect();
    m_rpc.reset();
}

capnp::Capability::Client Connection::Bootstrap()
{
    capnp::word scratch[4]{};
    capnp::MallocMessageBuilder message{scratch};
    auto server{message.getRoot<capnp::rpc::twoparty::VatId>()};
    server.setSide(Side::SERVER);
    return m_rpc->bootstrap(server);
}

uint64_t Connection::Keep(capnp::Capability::Client object)
{
    m_kept.emplace(m_next_number, kj::mv(object));
    return m_next_number++;
}

multiprocess::Thread::Client Connection::MakeThread(const std::string& name)
{
    if (*m_thread_count >= MAX_THREADS) throw std::runtime_error{"too many threads"};
    return m_threads.add(kj::heap<ThreadServer>(m_link->loop->StartWorker(), name, m_thread_count));
}

void Connection::FillContext(multiprocess::Context::Builder context, Waiter& caller, IncomingCall* outer_call)
{
    auto found{m_handles.find(&caller)};
    if (found == m_handles.end()) {
        Handles handles{m_threads.add(kj::heap<ThreadServer>(caller.shared_from_this())), nullptr};
        found = m_handles.emplace(&caller, kj::mv(handles)).first;
    }
    Handles& handles{found->second};
    context.setCallbackThread(handles.own);
    if (outer_call != nullptr) {
        KJ_IF_MAYBE (waiting, outer_call->CallbackThread()) return context.setThread(*waiting);
    }
    KJ_IF_MAYBE (thread, handles.remote) return context.setThread(*thread);
    auto request{m_thread_map.makeThreadRequest()};
    request.setName(CALLER_NAME);
    auto thread{request.send().getResult()}; // A pipelined capability: usable before the answer is here.
    context.setThread(thread);
    handles.remote = kj::mv(thread);
}

kj::Promise<void> Connection::Dispatch(multiprocess::Context::Reader context, std::shared_ptr<IncomingCall> call,
                                       kj::Function<void()> decode)
{
    if (!context.hasThread()) throw std::runtime_error{"the context names no thread, and there is no pool of threads"};
    auto thread{context.getThread()};
    if (context.hasCallbackThread()) call->SetCallbackThread(context.getCallbackThread());
    auto found{m_threads.getLocalServer(thread)};
    return found.then([this, thread = kj::mv(thread), call = std::move(call), decode = kj::mv(decode)](
                          kj::Maybe<multiprocess::Thread::Server&> server) mutable -> kj::Promise<void> {
        KJ_IF_MAYBE (ours, server) {
            decode();
            return Execute(*static_cast<ThreadServer&>(*ours).GetThread(), std::move(call));
        }
        throw std::runtime_error{"the context names a thread that is not one of ours"};
    });
}

kj::Promise<void> Connection::Execute(Waiter& thread, std::shared_ptr<IncomingCall> call)
{
    auto promise{call->Promise()};
    m_running.insert(call);
    if (!thread.Post(call)) {
        m_running.erase(call);
        throw std::runtime_error{"the thread has ended"};
    }
    return promise;
}

} // namespace mpfuzz::fuzz_interface::native
