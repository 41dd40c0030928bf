#include <targets/model_node/thread_server.h>

#include <targets/model_node/bugs.h>

namespace mpfuzz::model_node {
namespace {

// Guess: far above any real name; bounds what a client can make us keep.
constexpr size_t MAX_NAME_SIZE{64 * 1024};

// For the planted bug busy-thread: one that runs, one that waits.
constexpr size_t MAX_TRUSTED_CALLS{2};

} // namespace

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
    // PLANTED BUG busy-thread: take it for granted that beside the call that runs only one waits.
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
