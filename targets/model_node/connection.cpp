#include <targets/model_node/connection.h>

#include <targets/model_node/bugs.h>

#include <kj/debug.h>

#include <algorithm>

namespace mpfuzz::model_node {
namespace {

// Guess: far more than a client needs.
constexpr size_t MAX_THREADS{128};

// Guess: far above any real name. Limits the memory that a client can take.
constexpr size_t MAX_NAME_SIZE{64 * 1024};

// The limit that the planted bug busy-thread assumes: one call that runs, and one that waits.
constexpr size_t MAX_TRUSTED_CALLS{2};

kj::Exception MakeError(const std::string& text)
{
    return {kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::heapString(text.data(), text.size())};
}

} // namespace

void ThrowError(const std::string& text) { kj::throwFatalException(MakeError(text)); }

PendingCall::PendingCall(kj::PromiseFulfiller<void>& fulfiller, Connection& connection,
                         multiprocess::Thread::Client thread, std::shared_ptr<Job> job)
    : m_fulfiller{fulfiller}, m_connection{kj::addRef(connection)}, m_thread{kj::mv(thread)}, m_job{std::move(job)}
{
    connection.GetNode().OpenCalls().Enter();
    m_position = connection.m_resolving.insert(connection.m_resolving.end(), this);
    m_lookup = kj::evalNow([&] { return connection.m_threads.getLocalServer(m_thread); })
                   .then([this](kj::Maybe<multiprocess::Thread::Server&> server) {
                       KJ_IF_MAYBE (found, server) {
                           m_server = static_cast<ThreadServer*>(found);
                           m_thread = m_server->Self(); // The thread is known now. Before, it may have been a promise.
                           m_connection->PostInOrder(*this);
                       } else {
                           Fail(MakeError("the context names a thread that is not one of ours"));
                       }
                   })
                   .eagerlyEvaluate([this](kj::Exception&& error) { Fail(kj::mv(error)); });
}

PendingCall::~PendingCall()
{
    if (m_waits_for_thread) m_connection->m_resolving.erase(m_position);
    if (m_server != nullptr && m_posted) m_server->LeaveCall();
    m_job->SetCall(nullptr);
    if (m_posted) m_connection->Cancel(std::move(m_job));
    m_connection->GetNode().OpenCalls().Leave();
}

void PendingCall::Post()
{
    m_connection->m_resolving.erase(m_position);
    m_waits_for_thread = false;
    m_job->SetCall(this);
    if (m_server->Post(m_job)) {
        m_posted = true;
    } else {
        m_fulfiller.reject(MakeError("the thread has ended"));
    }
}

void PendingCall::Finish()
{
    m_posted = false;
    m_server->LeaveCall();
    m_fulfiller.fulfill();
}

void PendingCall::Fail(kj::Exception&& error)
{
    if (m_waits_for_thread) m_connection->m_resolving.erase(m_position);
    m_waits_for_thread = false;
    m_fulfiller.reject(kj::mv(error));
}

Connection::Connection(Node& node) : m_node{node}, m_link{std::make_shared<ConnectionLink>(ConnectionLink{&m_record})}
{
    // PLANTED BUG destroy-error: sends a last request to the client's threads; see planted.cpp.
    if (node.GetBugs().destroy_error) m_last_requests = std::make_unique<planted::LastRequests>();
}

void Connection::Disconnect()
{
    m_link->record = nullptr;
    m_last_requests = nullptr;
    m_canceler.cancel("the client has left");
    m_pool_servers.clear();
    m_pool.clear();
}

void Connection::CheckConnected()
{
    if (m_link->record == nullptr) ThrowError("the client has left");
}

multiprocess::Thread::Client Connection::MakeThread(const std::string& name)
{
    CheckConnected();
    // PLANTED BUG thread-exhaustion, here and in MakePool: only the limit of the process applies, which all clients
    // share.
    const bool limited{!m_node.GetBugs().thread_exhaustion};
    if (limited && m_thread_count >= MAX_THREADS) ThrowError("this client has too many threads");
    return m_threads.add(kj::heap<ThreadServer>(*this, name, m_node.GetWorkers().Start()));
}

void Connection::MakePool(uint32_t count)
{
    CheckConnected();
    if (!m_pool.empty()) ThrowError("this client already has a pool of threads");
    const bool limited{!m_node.GetBugs().thread_exhaustion};
    if (limited && count > MAX_THREADS - m_thread_count) ThrowError("this client would have too many threads");
    for (uint32_t i{0}; i < count; ++i) {
        auto server{kj::heap<ThreadServer>(*this, "pool/" + std::to_string(i), m_node.GetWorkers().Start())};
        m_pool_servers.push_back(server.get());
        m_pool.push_back(m_threads.add(kj::mv(server)));
    }
}

multiprocess::Thread::Client Connection::PickPoolThread()
{
    if (m_pool.empty()) ThrowError("the context names no thread, and the client has no pool of threads");
    const auto least{std::ranges::min_element(m_pool_servers, {}, &ThreadServer::Calls)};
    return m_pool[static_cast<size_t>(least - m_pool_servers.begin())];
}

kj::Promise<void> Connection::Dispatch(multiprocess::Thread::Client thread, std::shared_ptr<Job> job)
{
    CheckConnected();
    job->SetConnection(m_link, m_node.GetBugs().disconnect_in_call);
    return m_canceler.wrap(kj::newAdaptedPromise<void, PendingCall>(*this, kj::mv(thread), std::move(job)));
}

// The result of this job is not needed: its call was cancelled, or the client has disconnected.
void Connection::Cancel(std::shared_ptr<Job> job)
{
    // PLANTED BUG wait-leak: does not end the work of a call that was cancelled. It ends with the process.
    if (m_node.GetBugs().wait_leak) return m_node.CancelInTheEnd(std::move(job));
    m_node.Monitor().Cancel(job->cancellation);
}

// Releases the client's thread when its call is over, if the client is still connected.
kj::Promise<void> Connection::ReleaseAfter(kj::Promise<void> answer, multiprocess::Thread::Client callback_thread)
{
    return answer.attach(kj::defer([self = kj::addRef(*this), thread = kj::mv(callback_thread)]() mutable {
        if (self->m_last_requests) self->m_last_requests->Send(kj::mv(thread));
    }));
}

// Jobs must be posted in the order of the calls. But threads may be resolved in another order: a thread that is still a
// promise takes a few more turns of the loop. So a call that is not the first in the list waits until the loop has
// nothing else to do. Then every thread that can be resolved has been resolved.
void Connection::PostInOrder(PendingCall& call)
{
    if (m_resolving.front() == &call) return call.Post();
    if (m_flush_due) return;
    m_flush_due = true;
    m_flush = kj::evalLast([this] { PostFound(); }).eagerlyEvaluate(nullptr);
}

void Connection::PostFound()
{
    m_flush_due = false;
    for (auto it{m_resolving.begin()}; it != m_resolving.end();) {
        PendingCall& call{**it++};
        if (call.m_server != nullptr) call.Post();
    }
}

ThreadServer::ThreadServer(Connection& connection, const std::string& name, std::shared_ptr<Worker> worker)
    : m_connection{kj::addRef(connection)}, m_name{"model_node (" + name + ")"}, m_worker{std::move(worker)}
{
    ++m_connection->m_thread_count;
}

ThreadServer::~ThreadServer() noexcept(false)
{
    m_worker->Stop();
    --m_connection->m_thread_count;
}

kj::Promise<void> ThreadServer::getName(GetNameContext context)
{
    context.getResults().setResult(m_name.c_str());
    return kj::READY_NOW;
}

bool ThreadServer::Post(std::shared_ptr<Job> job)
{
    // PLANTED BUG busy-thread: assumes that at most one call waits while another runs.
    if (m_connection->GetNode().GetBugs().busy_thread) MODEL_NODE_ASSERT(m_calls < MAX_TRUSTED_CALLS);
    if (!m_worker->Post(std::move(job))) return false;
    ++m_calls;
    return true;
}

kj::Promise<void> ThreadMapServer::makeThread(MakeThreadContext context)
{
    const auto name{context.getParams().getName()};
    if (name.size() > MAX_NAME_SIZE) ThrowError("the name of a thread is too long");
    context.getResults().setResult(m_connection->MakeThread("from " + std::string{name.cStr(), name.size()}));
    return kj::READY_NOW;
}

kj::Promise<void> ThreadMapServer::makePool(MakePoolContext context)
{
    m_connection->MakePool(context.getParams().getCount());
    return kj::READY_NOW;
}

} // namespace mpfuzz::model_node
