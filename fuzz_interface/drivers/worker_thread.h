#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace mpfuzz::fuzz_interface {

//! A thread for calls that block: it does one piece of work at a time, and may be left behind where one hangs.
class WorkerThread
{
public:
    WorkerThread();
    //! Waits for what it is doing, unless it was abandoned.
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    //! Begin a piece of work, which must not throw; the one before has ended.
    void Start(std::function<void()> work);

    //! @return Whether the work has ended in time.
    bool Wait(std::chrono::milliseconds limit);

    //! Leave the thread to itself, for good. What it works on may hang as well: the process is good for a report and no
    //! more.
    //! @param keep  What the work refers to; let go of when it has ended after all.
    void Abandon(std::shared_ptr<void> keep);

private:
    struct Desk;

    void Close(std::shared_ptr<void> keep);

    std::shared_ptr<Desk> m_desk;
    std::thread m_thread;
};

} // namespace mpfuzz::fuzz_interface
