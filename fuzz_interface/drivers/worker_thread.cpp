#include <fuzz_interface/drivers/worker_thread.h>

#include <mpfuzz/base/check.h>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace mpfuzz::fuzz_interface {

//! Shared with the thread, which may outlive the hand.
struct WorkerThread::Desk {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> work;
    std::shared_ptr<void> kept;
    bool busy{false};
    bool closed{false};

    void Run()
    {
        std::unique_lock lock{mutex};
        while (true) {
            changed.wait(lock, [this] { return busy || closed; });
            if (!busy) break;
            lock.unlock();
            work();
            // What the work holds goes on this thread as well.
            work = nullptr;
            lock.lock();
            busy = false;
            changed.notify_all();
        }
        auto last{std::move(kept)};
        lock.unlock();
    }
};

WorkerThread::WorkerThread() : m_desk{std::make_shared<Desk>()}, m_thread{[desk = m_desk] { desk->Run(); }} {}

WorkerThread::~WorkerThread()
{
    if (!m_thread.joinable()) return;
    Close(nullptr);
    m_thread.join();
}

void WorkerThread::Start(std::function<void()> work)
{
    {
        const std::lock_guard lock{m_desk->mutex};
        CHECK(!m_desk->busy);
        m_desk->work = std::move(work);
        m_desk->busy = true;
    }
    m_desk->changed.notify_all();
}

bool WorkerThread::Wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock{m_desk->mutex};
    return m_desk->changed.wait_for(lock, limit, [this] { return !m_desk->busy; });
}

void WorkerThread::Abandon(std::shared_ptr<void> keep)
{
    Close(std::move(keep));
    m_thread.detach();
}

//! The thread ends when it is done.
void WorkerThread::Close(std::shared_ptr<void> keep)
{
    // What is kept may be this hand's owner: from here on it is the thread alone that has it.
    const auto desk{std::exchange(m_desk, nullptr)};
    {
        const std::lock_guard lock{desk->mutex};
        desk->kept = std::move(keep);
        desk->closed = true;
    }
    desk->changed.notify_all();
}

} // namespace mpfuzz::fuzz_interface
