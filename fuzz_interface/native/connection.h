// What belongs to one connection. Loop thread only, but for Link's shared pointer.
#pragma once

#include <fuzz_interface/native/loop_thread.h>
#include <fuzz_interface/native/threads.h>

#include <capnp/capability.h>
#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/async.h>
#include <kj/function.h>
#include <mp/proxy.capnp.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace mpfuzz::fuzz_interface::native {

class Connection;

//! What everything of a connection shares, and may keep when the connection has gone.
struct Link {
    const std::shared_ptr<LoopThread> loop;
    Connection* connection{nullptr}; //!< loop thread only; null before and after

    //! Loop thread only. Throws std::runtime_error where it has gone.
    Connection& Get() const;
};

class Connection final : public Resident
{
public:
    //! Makes what the server side offers to whoever connects.
    using MakeMain = kj::Function<capnp::Capability::Client(const std::shared_ptr<Link>&)>;

    //! Be the client, or with `make_main` the server. A connection that the peer closes is evicted from its loop.
    static std::shared_ptr<Link> Open(const std::shared_ptr<LoopThread>& loop, kj::Own<kj::AsyncIoStream> stream,
                                      kj::Maybe<MakeMain> make_main);

    Connection(std::shared_ptr<Link> link, kj::Own<kj::AsyncIoStream> stream, kj::Maybe<MakeMain> make_main);

    //! Fails every call in either direction. Calls that run here go on, and nobody gets their results.
    ~Connection() noexcept override;

    //! The peer's main object.
    capnp::Capability::Client Bootstrap();

    //! Hold an object of the peer's for a proxy.
    //! @return Its number, for the next two.
    uint64_t Keep(capnp::Capability::Client object);
    capnp::Capability::Client Kept(uint64_t number) { return m_kept.at(number); }
    void Release(uint64_t number) { m_kept.erase(number); }

    //! Where the peer makes threads for our calls.
    void SetThreadMap(multiprocess::ThreadMap::Client thread_map) { m_thread_map = kj::mv(thread_map); }

    //! A handle of a new thread of ours for the peer's calls, which ends with its last handle. Throws
    //! std::runtime_error for too many.
    multiprocess::Thread::Client MakeThread(const std::string& name);

    //! Name the threads of a call: the caller's, and one of the peer's that is made for it at the first call, unless
    //! the call is made in the middle of one from there, `inside`: then the thread that waits for that.
    void FillContext(multiprocess::Context::Builder context, Waiter& caller, IncomingCall* inside);

    //! The thread has ended.
    void Forget(const Waiter& thread) { m_handles.erase(&thread); }

    //! Run a call on the thread that its context names.
    //! @param decode  Called when the thread is known; fills the call.
    //! @return When the call has run.
    kj::Promise<void> Dispatch(multiprocess::Context::Reader context, std::shared_ptr<IncomingCall> call,
                               kj::Function<void()> decode);

    //! The call's promise is no longer needed.
    void Settled(const std::shared_ptr<IncomingCall>& call) { m_running.erase(call); }

    //! Fail the promise with the connection.
    template<typename T>
    kj::Promise<T> Wrap(kj::Promise<T> promise)
    {
        return m_canceler.wrap(kj::mv(promise));
    }

private:
    struct Handles {
        multiprocess::Thread::Client own;               //!< where the peer calls back
        kj::Maybe<multiprocess::Thread::Client> remote; //!< where the peer runs its calls
    };

    kj::Promise<void> Execute(Waiter& thread, std::shared_ptr<IncomingCall> call);

    const std::shared_ptr<Link> m_link;
    kj::Own<kj::AsyncIoStream> m_stream;
    capnp::TwoPartyVatNetwork m_network;
    std::optional<capnp::RpcSystem<capnp::rpc::twoparty::VatId>> m_rpc;
    kj::Promise<void> m_disconnect;
    multiprocess::ThreadMap::Client m_thread_map{nullptr};
    capnp::CapabilityServerSet<multiprocess::Thread> m_threads;
    std::shared_ptr<size_t> m_thread_count{std::make_shared<size_t>(0)}; // Of MakeThread; outlives the connection.
    std::map<const Waiter*, Handles> m_handles;
    std::map<uint64_t, capnp::Capability::Client> m_kept;
    uint64_t m_next_number{1};
    std::set<std::shared_ptr<IncomingCall>> m_running;
    kj::Canceler m_canceler;
};

} // namespace mpfuzz::fuzz_interface::native
