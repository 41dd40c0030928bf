// How other threads hand results to the event loop.
#pragma once

#include <kj/async-unix.h>
#include <kj/async.h>
#include <kj/io.h>

#include <memory>
#include <mutex>
#include <vector>

namespace mpfuzz::model_node {

//! Something that another thread has finished, and the loop thread shall finish.
class Completion
{
public:
    virtual ~Completion() = default;

    //! Runs on the loop thread. Must not throw.
    virtual void Settle() noexcept = 0;
};

//! A queue from any thread to the loop thread. Bursts are cheap: the loop is woken once for a queue that
//! becomes non-empty, and takes it whole. It uses a mutex and an eventfd rather than libkj's own means, so
//! that ThreadSanitizer follows it where libkj is not instrumented.
class CompletionQueue
{
public:
    explicit CompletionQueue(kj::UnixEventPort& port);

    //! Any thread.
    void Push(std::vector<std::shared_ptr<Completion>> completions);

    //! Loop thread: settle what arrives, until the promise is dropped.
    kj::Promise<void> Run();

private:
    void Drain();

    kj::AutoCloseFd m_event;
    kj::UnixEventPort::FdObserver m_observer;
    std::mutex m_mutex;
    std::vector<std::shared_ptr<Completion>> m_queue; // Guarded by m_mutex.
};

} // namespace mpfuzz::model_node
