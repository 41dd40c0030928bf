// A call of the peer's, on its way through one of our threads.
#pragma once

#include <fuzz_interface/native/waiter.h>

#include <kj/async.h>
#include <mp/proxy.capnp.h>

#include <memory>
#include <utility>

namespace mpfuzz::fuzz_interface::native {

//! Filled and answered on the loop thread, run on the thread that it names. What it holds of Cap'n Proto it lets go
//! on the loop thread, when it is settled or its connection goes.
class IncomingCall : public Job, public std::enable_shared_from_this<IncomingCall>
{
public:
    explicit IncomingCall(std::shared_ptr<Link> link) : m_link{std::move(link)} {}
    ~IncomingCall() noexcept override = default;

    void Run() noexcept override;
    void Abandon() noexcept override;

    const std::shared_ptr<Link>& GetLink() const { return m_link; }

    // Loop thread only, from here on.

    //! Fulfilled when it has run, or was abandoned.
    kj::Promise<void> Promise();

    //! Where the peer waits for this one.
    void SetCallbackThread(multiprocess::Thread::Client thread) { m_callback_thread = kj::mv(thread); }
    kj::Maybe<multiprocess::Thread::Client>& CallbackThread() { return m_callback_thread; }

    //! Nobody gets the answer.
    void Disconnect();

protected:
    //! Do what the call says, on its thread, and let go of all but the results.
    virtual void Invoke() = 0;

    //! Note the end of the thread instead.
    virtual void Fail() = 0;

private:
    void PostSettle();
    void Settle();

    const std::shared_ptr<Link> m_link;
    kj::Own<kj::PromiseFulfiller<void>> m_fulfiller; // Null where nobody gets the answer.
    kj::Maybe<multiprocess::Thread::Client> m_callback_thread;
};

//! Holds a call on the loop thread. One that is not answered takes its values elsewhere to destroy them: that may
//! block.
class UnansweredCall
{
public:
    explicit UnansweredCall(std::shared_ptr<IncomingCall> call) : m_call{std::move(call)} {}
    UnansweredCall(UnansweredCall&&) = default;
    UnansweredCall& operator=(UnansweredCall&&) = delete;
    ~UnansweredCall();

    void SetAnswered() { m_call = nullptr; }

private:
    std::shared_ptr<IncomingCall> m_call;
};

} // namespace mpfuzz::fuzz_interface::native
