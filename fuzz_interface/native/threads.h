// Threads that run jobs while they wait. The servers of libmultiprocess's Thread and ThreadMap let the peer choose the
// thread of a call.
#pragma once

#include <kj/async.h>
#include <mp/proxy.capnp.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mpfuzz::fuzz_interface::native {

class IncomingCall;
struct Link;

//! Work for a thread.
class Job
{
public:
    virtual ~Job() = default;

    //! Called on the thread that the job was posted to.
    virtual void Run() noexcept = 0;

    //! Called on that thread in place of Run, if the thread ends before it has run the job.
    virtual void Abandon() noexcept = 0;
};

//! One thread's queue of jobs. A thread that makes calls runs jobs while it waits for an answer; a job may make calls
//! itself, so this nests. A worker thread only runs jobs.
class Waiter : public std::enable_shared_from_this<Waiter>
{
public:
    //! The calling thread's queue. Created at the first use; ends with the thread.
    static Waiter& Current();

    //! Makes this the calling thread's queue.
    void MakeCurrent();

    //! Any thread. Returns false if the thread has ended: the job will not run.
    [[nodiscard]] bool Post(std::shared_ptr<Job> job);

    //! Any thread: decrements a count that RunUntilZero waits for. The owner of `count` may be destroyed before this
    //! returns.
    static void CountDown(std::shared_ptr<Waiter> waiter, size_t& count);

    //! Any thread: increments a count that RunUntilZero waits for. The count must not be zero.
    void CountUp(size_t& count);

    //! Its own thread only: runs jobs until the count is zero and no job is left.
    void RunUntilZero(const size_t& count);

    //! Its own thread only: runs jobs until Stop was called and no job is left. Post returns false afterwards.
    void RunUntilStopped();

    //! Any thread.
    void Stop();

    //! Its own thread only: accepts no more jobs, abandons those in the queue, and lets every connection forget the
    //! thread.
    void Close();

    //! Its own thread only: notes that a connection has handles to the thread.
    void Uses(const std::shared_ptr<Link>& link);

    //! Its own thread only: the calls that it is running, outermost first.
    std::vector<IncomingCall*>& Running() { return m_running; }

private:
    template<typename Done>
    void RunUntil(Done done);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::shared_ptr<Job>> m_jobs; // m_mutex guards this and the next two.
    bool m_stopping{false};
    bool m_ended{false};
    std::vector<IncomingCall*> m_running; // Only its own thread uses this and the next.
    std::map<const Link*, std::weak_ptr<Link>> m_links;
};

//! The peer's handle to a thread of this process.
class ThreadServer final : public multiprocess::Thread::Server
{
public:
    //! For a thread that makes calls.
    explicit ThreadServer(std::shared_ptr<Waiter> thread) : m_thread{std::move(thread)} {}

    //! For a worker. The worker ends with the handle; the destructor decrements `count`.
    ThreadServer(std::shared_ptr<Waiter> worker, std::string name, std::shared_ptr<size_t> count);
    ~ThreadServer();

    kj::Promise<void> getName(GetNameContext context) override;

    const std::shared_ptr<Waiter>& GetThread() const { return m_thread; }

private:
    const std::shared_ptr<Waiter> m_thread;
    const std::string m_name;
    const std::shared_ptr<size_t> m_count; // Null if the thread is not a worker.
};

//! Creates threads for the peer. There are no thread pools: a call that names no thread is an error.
class ThreadMapServer final : public multiprocess::ThreadMap::Server
{
public:
    explicit ThreadMapServer(std::shared_ptr<Link> link) : m_link{std::move(link)} {}

    kj::Promise<void> makeThread(MakeThreadContext context) override;
    kj::Promise<void> makePool(MakePoolContext context) override;

private:
    const std::shared_ptr<Link> m_link;
};

} // namespace mpfuzz::fuzz_interface::native
