// Threads that run jobs.
#pragma once

#include <targets/model_node/bugs.h>
#include <targets/model_node/completion_queue.h>
#include <targets/model_node/job.h>
#include <targets/model_node/planted/call_log.h>
#include <targets/model_node/planted/thread_handle.h>
#include <targets/model_node/thread_pool.h>

#include <kj/async.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace mpfuzz::model_node {

class Workers;

//! Runs the jobs posted to it one after another, on a thread of its own.
class Worker
{
public:
    explicit Worker(Workers& workers);

    //! Loop thread. False if the thread has been told to stop. Jobs posted in one burst wake the thread once.
    bool Post(std::shared_ptr<Job> job);

    //! Loop thread: run what is queued, then end. Does not wait. May come after the end of all `Workers`, where Cap'n
    //! Proto lets go of a handle only with its event loop.
    void Stop();

private:
    friend class Workers;

    void Send();
    void Run();
    std::vector<std::shared_ptr<Job>> TakeBatch();
    void LogReturn(std::vector<std::shared_ptr<Completion>> finished);

    Workers& m_workers;
    CompletionQueue& m_completions;
    const Bugs m_bugs;
    const std::shared_ptr<planted::CallLog> m_call_log; // Null without the planted bug lock-order.
    std::vector<std::shared_ptr<Job>> m_unsent;         // Loop thread only, and so is this:
    bool m_stopped{false};
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::shared_ptr<Job>> m_queue; // Guarded by m_mutex.
    bool m_stopping{false};                    // Guarded by m_mutex.
    planted::ThreadHandle m_handle;
    size_t m_returned{0}; // The worker's thread only; the planted bug lock-order.
};

//! All workers of the process. Loop thread only. A worker that has ended reports to the loop; so nothing here ever
//! waits for a job, except for the end.
class Workers
{
public:
    Workers(CompletionQueue& completions, const Bugs& bugs);

    //! Every job must be finished or cancelled. Waits for the threads.
    ~Workers();

    //! Start a thread. Throws std::exception if there are too many, or the system has none left.
    std::shared_ptr<Worker> Start();

    //! Forget a worker that is about to end.
    void Reap(const std::shared_ptr<Worker>& worker);

private:
    friend class Worker;

    //! Send what a worker has been posted, soon.
    void Schedule(Worker& worker);

    CompletionQueue& m_completions;
    const Bugs& m_bugs;
    std::shared_ptr<planted::CallLog> m_call_log;
    std::set<std::shared_ptr<Worker>> m_workers;
    std::vector<Worker*> m_with_unsent;
    kj::Promise<void> m_sending{kj::READY_NOW};
    ThreadPool m_threads; // Last: it waits for work that uses the others.
};

} // namespace mpfuzz::model_node
