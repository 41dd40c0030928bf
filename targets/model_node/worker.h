// Threads that run jobs.
#pragma once

#include "targets/model_node/completion_queue.h"
#include "targets/model_node/job.h"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace mpfuzz::model_node {

//! One thread, which runs the jobs posted to it one after another.
class Worker
{
public:
    explicit Worker(CompletionQueue& completions) : m_completions{completions} {}

    //! Loop thread. False if the thread has been told to stop.
    bool Post(std::shared_ptr<Job> job);

    //! Loop thread: run what is queued, then end. Does not wait.
    void Stop();

private:
    friend class Workers;

    void Run();
    std::vector<std::shared_ptr<Job>> TakeBatch();

    CompletionQueue& m_completions;
    std::thread m_thread;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::shared_ptr<Job>> m_queue; // Guarded by m_mutex.
    bool m_stopping{false};                    // Guarded by m_mutex.
};

//! All threads of the process. Loop thread only. A thread that has ended reports to the loop, which joins it
//! then; so nothing here ever waits for a job, except for the end.
class Workers
{
public:
    explicit Workers(CompletionQueue& completions) : m_completions{completions} {}

    //! Every job must be finished or cancelled. Waits for the threads.
    ~Workers();

    //! Start a thread. Throws std::exception if there are too many, or the system has none left.
    std::shared_ptr<Worker> Start();

    //! Join a thread that is about to end.
    void Reap(const std::shared_ptr<Worker>& worker);

private:
    CompletionQueue& m_completions;
    std::set<std::shared_ptr<Worker>> m_workers;
};

} // namespace mpfuzz::model_node
