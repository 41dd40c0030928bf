#include <fuzz_interface/native/threads.h>

#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/loop_thread.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mpfuzz::fuzz_interface::native {
namespace {

using Owner = std::shared_ptr<Waiter>;

// Plain pointers, which are never destroyed. On the main thread, static objects are destroyed after thread_local ones,
// and may still make calls.
thread_local Owner* g_current{nullptr};
thread_local bool g_ended{false};

struct Holder {
    Owner waiter{std::make_shared<Waiter>()};
    Holder() { g_current = &waiter; }
    ~Holder()
    {
        waiter->Close();
        g_current = nullptr;
        g_ended = true;
    }
};

Owner& CurrentOwner()
{
    if (g_current == nullptr && g_ended) g_current = new Owner{std::make_shared<Waiter>()};
    if (g_current == nullptr) thread_local Holder holder;
    return *g_current;
}

} // namespace

Waiter& Waiter::Current() { return *CurrentOwner(); }

void Waiter::MakeCurrent() { CurrentOwner() = shared_from_this(); }

bool Waiter::Post(std::shared_ptr<Job> job)
{
    {
        const std::lock_guard lock{m_mutex};
        if (m_ended) return false;
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
    return true;
}

// `waiter` is a shared_ptr because the waiting thread may continue, and even end, before the notification.
void Waiter::CountDown(std::shared_ptr<Waiter> waiter, size_t& count)
{
    {
        const std::lock_guard lock{waiter->m_mutex};
        if (--count > 0) return;
    }
    waiter->m_wake.notify_one();
}

void Waiter::CountUp(size_t& count)
{
    const std::lock_guard lock{m_mutex};
    ++count;
}

// Jobs come before the end of the wait: if a peer calls back and then answers, the callback runs first.
template<typename Done>
void Waiter::RunUntil(Done done)
{
    std::unique_lock lock{m_mutex};
    while (true) {
        if (!m_jobs.empty()) {
            auto job{std::move(m_jobs.front())};
            m_jobs.pop_front();
            lock.unlock();
            job->Run();
            job = nullptr;
            lock.lock();
        } else if (done()) {
            return;
        } else {
            m_wake.wait(lock);
        }
    }
}

void Waiter::RunUntilZero(const size_t& count)
{
    RunUntil([&] { return count == 0; });
}

void Waiter::RunUntilStopped()
{
    RunUntil([this] { return m_ended = m_stopping; });
}

void Waiter::Stop()
{
    {
        const std::lock_guard lock{m_mutex};
        m_stopping = true;
    }
    m_wake.notify_one();
}

void Waiter::Close()
{
    std::deque<std::shared_ptr<Job>> jobs;
    {
        const std::lock_guard lock{m_mutex};
        m_ended = true;
        jobs.swap(m_jobs);
    }
    for (const auto& job : jobs) job->Abandon();
    for (const auto& [_, weak] : std::exchange(m_links, {})) {
        if (const auto link{weak.lock()}) {
            link->loop->Post([link, self = shared_from_this()] {
                if (link->connection != nullptr) link->connection->Forget(*self);
            });
        }
    }
}

void Waiter::Uses(const std::shared_ptr<Link>& link)
{
    auto& known{m_links[link.get()]};
    if (!known.expired()) return;
    known = link;
    std::erase_if(m_links, [](const auto& entry) { return entry.second.expired(); });
}

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

kj::Promise<void> ThreadMapServer::makePool(MakePoolContext)
{
    throw std::runtime_error{"thread pools are not supported"};
}

} // namespace mpfuzz::fuzz_interface::native
