#include <mpfuzz/engine/lab.h>

#include <mpfuzz/base/check.h>

#include <utility>

namespace mpfuzz::engine {

LabThread::LabThread(const MakeLab& make_lab) : m_thread{[this, &make_lab] { Serve(make_lab); }}
{
    std::unique_lock lock{m_mutex};
    m_changed.wait(lock, [this] { return m_ready; });
}

LabThread::~LabThread()
{
    Wait();
    {
        const std::lock_guard lock{m_mutex};
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void LabThread::Start(Task task)
{
    {
        const std::lock_guard lock{m_mutex};
        CHECK(!m_task && task);
        m_task = std::move(task);
    }
    m_changed.notify_all();
}

void LabThread::Wait()
{
    std::unique_lock lock{m_mutex};
    m_changed.wait(lock, [this] { return !m_task; });
}

void LabThread::Serve(const MakeLab& make_lab)
{
    const std::unique_ptr<Lab> lab{make_lab()};
    std::unique_lock lock{m_mutex};
    m_ready = true;
    m_changed.notify_all();
    for (;;) {
        m_changed.wait(lock, [this] { return m_task || m_ending; });
        if (!m_task) return;
        lock.unlock();
        m_task(*lab);
        lock.lock();
        m_task = nullptr;
        m_changed.notify_all();
    }
}

} // namespace mpfuzz::engine
