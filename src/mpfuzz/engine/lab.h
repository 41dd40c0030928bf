#pragma once

#include <mpfuzz/execute/executor.h>
#include <mpfuzz/execute/target.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace mpfuzz::engine {

//! A target with the executor that runs programs on it. The destructor stops the target and removes its files.
class Lab
{
public:
    virtual ~Lab() = default;
    virtual execute::Target& GetTarget() = 0;
    virtual execute::Executor& GetExecutor() = 0;
};

//! Makes a lab for the calling process. The target is not started yet.
using MakeLab = std::function<std::unique_ptr<Lab>()>;

//! A lab on its own thread. An executor owns the event loop of the thread that created it, so a process with two
//! executors needs two threads.
class LabThread
{
public:
    using Task = std::function<void(Lab&)>;

    //! Makes the lab, and returns when it exists. Making a lab may fork, and no other thread should run at that time.
    explicit LabThread(const MakeLab& make_lab);
    //! Waits for the running task. The lab is destroyed on its thread.
    ~LabThread();
    LabThread(const LabThread&) = delete;
    LabThread& operator=(const LabThread&) = delete;

    //! Start a task. Call Wait for the previous task first.
    void Start(Task task);
    //! Wait until the task has ended. Afterwards the caller sees its effects.
    void Wait();

private:
    void Serve(const MakeLab& make_lab);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    Task m_task; //!< guarded by m_mutex, like the next two; empty: no task is running
    bool m_ready{false};
    bool m_ending{false};
    std::thread m_thread; //!< last member, because the thread uses all others
};

} // namespace mpfuzz::engine
