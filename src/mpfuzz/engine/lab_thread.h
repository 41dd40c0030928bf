#pragma once

#include <mpfuzz/engine/lab.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace mpfuzz::engine {

//! A lab on a thread of its own: an executor owns the event loop of the thread that made it, so that a process with
//! two of them needs two threads.
class LabThread
{
public:
    using Task = std::function<void(Lab&)>;

    //! Makes the lab, and returns when it is there: making one may fork, which no other thread should be busy for.
    explicit LabThread(const MakeLab& make_lab);
    //! Waits for the task under way. The lab ends on its thread.
    ~LabThread();
    LabThread(const LabThread&) = delete;
    LabThread& operator=(const LabThread&) = delete;

    //! Begin a task. The one before must have been waited for.
    void Start(Task task);
    //! Wait until it is done. What it did is then visible to the caller.
    void Wait();

private:
    void Serve(const MakeLab& make_lab);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    Task m_task; //!< guarded, like the next two; empty: none under way
    bool m_ready{false};
    bool m_ending{false};
    std::thread m_thread; //!< last, so that the rest is there when it starts
};

} // namespace mpfuzz::engine
