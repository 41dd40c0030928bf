// The event loop's thread. Only this thread uses Cap'n Proto.
#pragma once

#include <fuzz_interface/native/threads.h>

#include <kj/async-io.h>
#include <kj/async.h>
#include <kj/function.h>
#include <kj/io.h>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface::native {

//! An object that the loop owns until Remove, or until the loop ends.
class LoopObject
{
public:
    virtual ~LoopObject() = default;
};

//! Everything that may outlive the loop shares ownership of this object. After the end of the loop, Post returns false.
class LoopThread final : private kj::TaskSet::ErrorHandler
{
public:
    //! The thread does not run before Start.
    LoopThread();
    ~LoopThread();

    //! Returns when the loop is running.
    void Start();

    //! Any thread but the loop's and the workers': removes all objects, waits for the workers and for the calls, and
    //! ends the loop.
    void Stop();

    //! Any thread: runs `function` on the loop thread, after those posted before. Returns false if the loop has ended:
    //! `function` does not run.
    bool Post(kj::Function<void()> function);

    //! Any thread but the loop's: the same, and waits until `function` has run.
    //! @throw std::runtime_error with the message of the exception that the function threw, or if the loop has ended.
    void Sync(kj::Function<void()> function);

    bool IsCurrent() const { return m_id == std::this_thread::get_id(); }

    // Loop thread only, from here on.

    kj::AsyncIoContext& Io() { return *m_io; }
    kj::TaskSet& Tasks() { return *m_tasks; }

    //! @throw std::runtime_error if the loop is about to end.
    LoopObject& Add(std::unique_ptr<LoopObject> object);
    void Remove(LoopObject& object);

    //! Starts a thread that runs jobs until its Stop.
    //! @throw std::system_error if the system refuses another thread.
    std::shared_ptr<Waiter> StartWorker();

    //! Runs a function that may block, such as a destructor, on a separate thread. Functions run in the order of these
    //! calls.
    void RunAside(kj::Function<void()> function);

    //! The loop does not end while a call waits for its answer.
    void CallBegins() { ++m_calls; }
    void CallEnds();

private:
    struct Worker {
        std::thread thread;
        std::shared_ptr<Waiter> waiter;
    };

    void Run(kj::Function<void()> started);
    void Wake();
    void Drain();
    void BeginStop();
    bool IsBusy() const { return !m_stopping || !m_workers.empty() || m_calls > 0; }
    bool TryEnd();
    void taskFailed(kj::Exception&& error) override;

    std::thread m_thread;
    std::thread::id m_id; // Set before Start returns.
    kj::AutoCloseFd m_event;
    std::mutex m_mutex;
    std::vector<kj::Function<void()>> m_queue; // Guarded by m_mutex.
    bool m_ended{true};                        // Guarded by m_mutex.

    kj::AsyncIoContext* m_io{nullptr};
    kj::TaskSet* m_tasks{nullptr};
    std::map<const LoopObject*, std::unique_ptr<LoopObject>> m_objects;
    std::map<const Waiter*, Worker> m_workers;
    std::shared_ptr<Waiter> m_aside;
    size_t m_calls{0};
    bool m_stopping{false};
};

} // namespace mpfuzz::fuzz_interface::native
