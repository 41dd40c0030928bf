#include <fuzz_interface/native/thread_server.h>

#include <fuzz_interface/native/connection.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

ThreadServer::ThreadServer(std::shared_ptr<Waiter> worker, std::string name, std::shared_ptr<size_t> count)
    : m_thread{std::move(worker)}, m_name{std::move(name)}, m_count{std::move(count)}
{
    ++*m_count;
}

ThreadServer::~ThreadServer()
{
    if (!m_count) return;
    m_thread->Stop();
    --*m_count;
}

kj::Promise<void> ThreadServer::getName(GetNameContext context)
{
    auto result{context.getResults().initResult(static_cast<unsigned>(m_name.size()))};
    std::ranges::copy(m_name, result.begin());
    return kj::READY_NOW;
}

kj::Promise<void> ThreadMapServer::makeThread(MakeThreadContext context)
{
    const auto name{context.getParams().getName()};
    context.getResults().setResult(m_link->Get().MakeThread("(from " + std::string{name.begin(), name.end()} + ")"));
    return kj::READY_NOW;
}

kj::Promise<void> ThreadMapServer::makePool(MakePoolContext) { throw std::runtime_error{"there are no pools here"}; }

} // namespace mpfuzz::fuzz_interface::native
