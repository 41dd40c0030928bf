// libmultiprocess's Thread and ThreadMap, served.
#pragma once

#include <fuzz_interface/native/waiter.h>

#include <kj/async.h>
#include <mp/proxy.capnp.h>

#include <cstddef>
#include <memory>
#include <string>

namespace mpfuzz::fuzz_interface::native {

struct Link;

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
