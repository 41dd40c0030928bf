// Threads that outlive their work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mpfuzz::model_node {

//! Runs pieces of work, each on a thread of its own, and keeps a few threads for what comes next: starting one
//! costs more than most calls.
class ThreadPool
{
public:
    //! Threads kept while they have nothing to do. Enough for one client with a handful of them; guess.
    static constexpr size_t MAX_IDLE{4};

    //! Waits until all work is done.
    ~ThreadPool();

    //! Run it on a thread that runs nothing else meanwhile. Throws std::system_error if the system has no thread left.
    void Run(std::function<void()> work);

private:
    void Serve();
    void JoinEnded();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    // All guarded by m_mutex:
    std::deque<std::function<void()>> m_work; // Each has an idle thread that will take it.
    size_t m_idle{0};
    bool m_ending{false};
    std::vector<std::thread> m_threads;
    std::vector<std::thread::id> m_ended; // To be joined.
};

} // namespace mpfuzz::model_node
