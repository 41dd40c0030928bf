#include <targets/model_node/thread_pool.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::model_node {

ThreadPool::~ThreadPool()
{
    {
        const std::lock_guard lock{m_mutex};
        m_ending = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads) thread.join();
}

void ThreadPool::Run(std::function<void()> work)
{
    const std::lock_guard lock{m_mutex};
    JoinEnded();
    if (m_work.size() < m_idle) {
        m_work.push_back(std::move(work));
        m_wake.notify_one();
        return;
    }
    m_threads.emplace_back([this, first = std::move(work)]() mutable {
        std::exchange(first, nullptr)();
        Serve();
    });
}

void ThreadPool::Serve()
{
    std::unique_lock lock{m_mutex};
    while (m_idle < MAX_IDLE && !m_ending) {
        ++m_idle;
        m_wake.wait(lock, [this] { return m_ending || !m_work.empty(); });
        --m_idle;
        if (m_work.empty()) break;
        auto work{std::move(m_work.front())};
        m_work.pop_front();
        lock.unlock();
        std::exchange(work, nullptr)();
        lock.lock();
    }
    m_ended.push_back(std::this_thread::get_id());
}

void ThreadPool::JoinEnded()
{
    // They are past their last wait for the mutex: joining takes no time, even with it held.
    for (const std::thread::id id : std::exchange(m_ended, {})) {
        const auto thread{
            std::find_if(m_threads.begin(), m_threads.end(), [id](const auto& t) { return t.get_id() == id; })};
        thread->join();
        m_threads.erase(thread);
    }
}

} // namespace mpfuzz::model_node
