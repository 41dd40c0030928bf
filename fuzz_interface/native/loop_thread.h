// The event loop's thread. All use of Cap'n Proto is there.
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

//! What lives on the loop until it is evicted, or until the loop ends.
class Resident
{
public:
    virtual ~Resident() = default;
};

//! Shared by everything that may outlive the loop: then Post says no.
class LoopThread final : private kj::TaskSet::ErrorHandler
{
public:
    //! Nothing runs before Start.
    LoopThread();
    ~LoopThread();

    //! Returns when the loop is up.
    void Start();

    //! Any thread but the loop's and the workers': evict all residents, wait for the workers and for the calls, end.
    void Stop();

    //! Any thread: run it on the loop's, in the order of posting. False where the loop has ended: nothing runs.
    bool Post(kj::Function<void()> function);

    //! Any thread but the loop's: the same, and wait for it. Throws std::runtime_error with the words of what
    //! the function threw, or where the loop has ended.
    void Sync(kj::Function<void()> function);

    bool IsCurrent() const { return m_id == std::this_thread::get_id(); }

    // Loop thread only, from here on.

    kj::AsyncIoContext& Io() { return *m_io; }
    kj::TaskSet& Tasks() { return *m_tasks; }

    //! Throws std::runtime_error when the loop is about to end.
    Resident& Adopt(std::unique_ptr<Resident> resident);
    void Evict(Resident& resident);

    //! A thread of its own for jobs, until its Stop. Throws std::system_error where there are too many.
    std::shared_ptr<Waiter> StartWorker();

    //! Run what may block, such as a destructor, on a thread kept for that, in order.
    void RunAside(kj::Function<void()> function);

    //! A call that waits for an answer keeps the loop from ending.
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
    std::map<const Resident*, std::unique_ptr<Resident>> m_residents;
    std::map<const Waiter*, Worker> m_workers;
    std::shared_ptr<Waiter> m_aside;
    size_t m_calls{0};
    bool m_stopping{false};
};

} // namespace mpfuzz::fuzz_interface::native
