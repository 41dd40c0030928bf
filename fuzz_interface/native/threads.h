// Threads that wait and run what is posted to them meanwhile, and libmultiprocess's Thread and ThreadMap, which let the
// peer name them.
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

//! Something for a thread to do.
class Job
{
public:
    virtual ~Job() = default;

    //! On the thread that it was posted to.
    virtual void Run() noexcept = 0;

    //! Instead of Run, on the thread that it was posted to: the thread ends without having run it.
    virtual void Abandon() noexcept = 0;
};

//! One thread's queue of jobs. A thread that makes calls runs them while it waits for an answer, nested as deep as they
//! call back; a worker runs them while it has nothing else to do.
class Waiter : public std::enable_shared_from_this<Waiter>
{
public:
    //! The calling thread's; made at its first use, ended with the thread.
    static Waiter& Current();

    //! Make this the calling thread's.
    void Adopt();

    //! Any thread. False where the thread has ended: the job will not run.
    [[nodiscard]] bool Post(std::shared_ptr<Job> job);

    //! Any thread: take one from a count that RunUntilZero waits for. Its owner may be gone when this returns.
    static void CountDown(std::shared_ptr<Waiter> waiter, size_t& count);

    //! Any thread: count one more to wait for. The count must not be zero.
    void CountUp(size_t& count);

    //! Its thread: run what is posted until the count is zero and nothing is left to run.
    void RunUntilZero(const size_t& count);

    //! Its thread: run what is posted until Stop was called and nothing is left to run. No job is taken afterwards.
    void RunUntilStopped();

    //! Any thread.
    void Stop();

    //! Its thread: take no more jobs, abandon those that wait, and let every connection forget the thread.
    void Leave();

    //! Its thread: note that a connection has handles of it.
    void Uses(const std::shared_ptr<Link>& link);

    //! Its thread: the calls that it is in the middle of, outermost first.
    std::vector<IncomingCall*>& Running() { return m_running; }

private:
    template<typename Done>
    void RunUntil(Done done);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::shared_ptr<Job>> m_jobs; // Guarded by m_mutex, as are these:
    bool m_stopping{false};
    bool m_ended{false};
    std::vector<IncomingCall*> m_running; // Its thread only, and so is this:
    std::map<const Link*, std::weak_ptr<Link>> m_links;
};

//! A handle of one of our threads.
class ThreadServer final : public multiprocess::Thread::Server
{
public:
    //! Of a thread that makes calls.
    explicit ThreadServer(std::shared_ptr<Waiter> thread) : m_thread{std::move(thread)} {}

    //! Of a worker, which ends with the handle. `count` is one less then.
    ThreadServer(std::shared_ptr<Waiter> worker, std::string name, std::shared_ptr<size_t> count);
    ~ThreadServer();

    kj::Promise<void> getName(GetNameContext context) override;

    const std::shared_ptr<Waiter>& GetThread() const { return m_thread; }

private:
    const std::shared_ptr<Waiter> m_thread;
    const std::string m_name;
    const std::shared_ptr<size_t> m_count; // Null where it is no worker.
};

//! Where the peer gets its threads. There are no pools: calls that name no thread are errors.
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
