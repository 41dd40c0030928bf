// Threads that run jobs.
#pragma once

#include <targets/model_node/bugs.h>
#include <targets/model_node/job.h>
#include <targets/model_node/planted.h>

#include <kj/async.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace mpfuzz::model_node {

//! Runs each function on its own thread. Keeps a few idle threads for later functions, because to start a thread costs
//! more than most calls.
class ThreadPool
{
public:
    //! Idle threads to keep. Enough for one client with a few threads; a guess.
    static constexpr size_t MAX_IDLE{4};

    //! Waits until all work is done.
    ~ThreadPool();

    //! Runs `work` on a thread that runs nothing else at that time. Throws std::system_error if the system cannot start
    //! a thread.
    void StartWork(std::function<void()> work);

private:
    void Serve();
    void JoinEnded();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    // All guarded by m_mutex:
    std::deque<std::function<void()>> m_work; // For each there is an idle thread that will run it.
    size_t m_idle{0};
    bool m_ending{false};
    std::vector<std::thread> m_threads;
    std::vector<std::thread::id> m_ended; // Threads that have ended and must be joined.
};

class Workers;

//! Runs the jobs that are posted to it one after another on one thread.
class Worker
{
public:
    explicit Worker(Workers& workers);

    //! Loop thread. Returns false if the thread has been asked to stop. Jobs posted in one burst wake the thread once.
    bool Post(std::shared_ptr<Job> job);

    //! Loop thread: makes the thread run the queued jobs and then end. Does not wait for that. May be called after
    //! `Workers` is destroyed, because Cap'n Proto may release a handle only when its event loop is destroyed.
    void Stop();

private:
    friend class Workers;

    void Send();
    void RunJobs();
    std::vector<std::shared_ptr<Job>> TakeBatch();
    void LogReturn(std::vector<std::shared_ptr<Completion>> finished);

    Workers& m_workers;
    CompletionQueue& m_completions;
    const Bugs m_bugs;
    const std::shared_ptr<planted::CallLog> m_call_log; // Null unless the planted bug lock-order is on.
    std::vector<std::shared_ptr<Job>> m_unsent;         // Only the loop thread uses this and the next member.
    bool m_stopped{false};
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::shared_ptr<Job>> m_queue; // Guarded by m_mutex.
    bool m_stopping{false};                    // Guarded by m_mutex.
    planted::ThreadHandle m_handle;
    size_t m_returned{0}; // Worker's thread only; for the planted bug lock-order.
};

//! All workers of the process. Loop thread only. A worker that has ended reports this to the loop, so only the
//! destructor waits for jobs.
class Workers
{
public:
    Workers(CompletionQueue& completions, const Bugs& bugs);

    //! Waits for the threads: every job must be finished or cancelled.
    ~Workers();

    //! Starts a thread. Throws std::exception if there are too many, or the system cannot start one.
    std::shared_ptr<Worker> Start();

    //! Removes a worker that is about to end.
    void Reap(const std::shared_ptr<Worker>& worker);

private:
    friend class Worker;

    //! Schedules the sending of the jobs that were posted to a worker.
    void Schedule(Worker& worker);

    CompletionQueue& m_completions;
    const Bugs& m_bugs;
    std::shared_ptr<planted::CallLog> m_call_log;
    std::set<std::shared_ptr<Worker>> m_workers;
    std::vector<Worker*> m_with_unsent;
    kj::Promise<void> m_sending{kj::READY_NOW};
    ThreadPool m_threads; // Last: its destructor waits for work that uses the others.
};

} // namespace mpfuzz::model_node
