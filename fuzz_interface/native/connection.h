// One connection. Loop thread only, except for copying a pointer to its Link.
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

//! All objects of a connection share this. They may keep it after the connection is closed.
struct Link {
    const std::shared_ptr<LoopThread> loop;
    Connection* connection{nullptr}; //!< loop thread only; null before the connection is open and after it is closed

    //! Loop thread only. Throws std::runtime_error if the connection is closed.
    Connection& Get() const;
};

class Connection final : public LoopObject
{
public:
    //! Makes the server's main object for a client that connects.
    using MakeMain = kj::Function<capnp::Capability::Client(const std::shared_ptr<Link>&)>;

    //! Opens the server's end if there is a `make_main`, otherwise the client's. When the peer closes the connection,
    //! the loop removes it.
    static std::shared_ptr<Link> Open(const std::shared_ptr<LoopThread>& loop, kj::Own<kj::AsyncIoStream> stream,
                                      kj::Maybe<MakeMain> make_main);

    Connection(std::shared_ptr<Link> link, kj::Own<kj::AsyncIoStream> stream, kj::Maybe<MakeMain> make_main);

    //! Every call in either direction fails. Calls that run in this process continue, but their results are not sent.
    ~Connection() noexcept override;

    //! The peer's main object.
    capnp::Capability::Client Bootstrap();

    //! Keeps a capability of the peer for a proxy.
    //! @return Its number: the parameter of Kept and Release.
    uint64_t Keep(capnp::Capability::Client object);
    capnp::Capability::Client Kept(uint64_t number) { return m_kept.at(number); }
    void Release(uint64_t number) { m_kept.erase(number); }

    //! Sets the object through which the peer creates threads for our calls.
    void SetThreadMap(multiprocess::ThreadMap::Client thread_map) { m_thread_map = kj::mv(thread_map); }

    //! Starts a thread for the peer's calls. It ends with its last handle.
    //! @throw std::runtime_error if the peer has too many threads.
    multiprocess::Thread::Client MakeThread(const std::string& name);

    //! Sets the two threads of a call: ours, which makes it, and the peer's, which runs it. The peer's thread is the
    //! one that waits for the call `outer_call` if the caller is running that call. Otherwise it is a thread that the
    //! peer creates for the caller's thread at its first call.
    void FillContext(multiprocess::Context::Builder context, Waiter& caller, IncomingCall* outer_call);

    //! Drops the handles of a thread that has ended.
    void Forget(const Waiter& thread) { m_handles.erase(&thread); }

    //! Runs a call on the thread that its context names.
    //! @param decode  Reads the call's parameters. Called when the thread is known.
    //! @return Fulfilled when the call has run.
    kj::Promise<void> Dispatch(multiprocess::Context::Reader context, std::shared_ptr<IncomingCall> call,
                               kj::Function<void()> decode);

    //! The call has run: forgets it.
    void Settled(const std::shared_ptr<IncomingCall>& call) { m_running.erase(call); }

    //! Makes the promise fail when the connection closes.
    template<typename T>
    kj::Promise<T> Wrap(kj::Promise<T> promise)
    {
        return m_canceler.wrap(kj::mv(promise));
    }

private:
    struct Handles {
        multiprocess::Thread::Client own;               //!< our thread: it runs what the peer calls back
        kj::Maybe<multiprocess::Thread::Client> remote; //!< the peer's thread that runs its calls
    };

    kj::Promise<void> Execute(Waiter& thread, std::shared_ptr<IncomingCall> call);

    const std::shared_ptr<Link> m_link;
    kj::Own<kj::AsyncIoStream> m_stream;
    capnp::TwoPartyVatNetwork m_network;
    std::optional<capnp::RpcSystem<capnp::rpc::twoparty::VatId>> m_rpc;
    kj::Promise<void> m_disconnect;
    multiprocess::ThreadMap::Client m_thread_map{nullptr};
    capnp::CapabilityServerSet<multiprocess::Thread> m_threads;
    std::shared_ptr<size_t> m_thread_count{
        std::make_shared<size_t>(0)}; // Threads of MakeThread. May outlive the connection.
    std::map<const Waiter*, Handles> m_handles;
    std::map<uint64_t, capnp::Capability::Client> m_kept;
    uint64_t m_next_number{1};
    std::set<std::shared_ptr<IncomingCall>> m_running;
    kj::Canceler m_canceler;
};

} // namespace mpfuzz::fuzz_interface::native
