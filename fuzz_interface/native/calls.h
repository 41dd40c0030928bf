// Calls in both directions, and the objects of this process that a peer may call.
#pragma once

#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/threads.h>

#include <kj/async.h>
#include <kj/function.h>
#include <mp/proxy.capnp.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface::native {

//! An object of this process that a peer may call until Take is called. That is when the peer calls `destroy`, or when
//! the call ends to which the object was lent. A running call keeps the object alive.
template<typename T>
class Held
{
public:
    explicit Held(std::shared_ptr<T> object) : m_object{std::move(object)} {}

    //! Any thread. Returns null after Take.
    std::shared_ptr<T> Get()
    {
        const std::lock_guard lock{m_mutex};
        return m_object;
    }

    //! Any thread. Returns null if called before.
    std::shared_ptr<T> Take()
    {
        const std::lock_guard lock{m_mutex};
        return std::move(m_object);
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<T> m_object; // Guarded by m_mutex.
};

//! A call from the peer. The loop thread reads the parameters and sends the answer; the thread that the call names runs
//! it. Cap'n Proto's objects in it are released on the loop thread, when the call is settled or its connection closes.
class IncomingCall : public Job, public std::enable_shared_from_this<IncomingCall>
{
public:
    explicit IncomingCall(std::shared_ptr<Link> link) : m_link{std::move(link)} {}
    ~IncomingCall() noexcept override = default;

    void Run() noexcept override;
    void Abandon() noexcept override;

    const std::shared_ptr<Link>& GetLink() const { return m_link; }

    // Loop thread only, from here on.

    //! Fulfilled when the call has run, or was abandoned.
    kj::Promise<void> Promise();

    //! The peer's thread that waits for this call.
    void SetCallbackThread(multiprocess::Thread::Client thread) { m_callback_thread = kj::mv(thread); }
    kj::Maybe<multiprocess::Thread::Client>& CallbackThread() { return m_callback_thread; }

    //! The answer will not be sent.
    void Disconnect();

protected:
    //! Runs the method on the call's thread, then releases everything but the results.
    virtual void Invoke() = 0;

    //! Called in place of Invoke if the thread has ended: makes an error the answer.
    virtual void Fail() = 0;

private:
    void PostSettle();
    void Settle();

    const std::shared_ptr<Link> m_link;
    kj::Own<kj::PromiseFulfiller<void>> m_fulfiller; // Null if the answer will not be sent.
    kj::Maybe<multiprocess::Thread::Client> m_callback_thread;
};

//! Holds a call on the loop thread. If the call is not answered, the destructor moves its values to another thread to
//! destroy them, because their destructors may block.
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

//! A call to the peer, from any thread but the loop's. Lives on the stack of the calling thread.
class OutgoingCall
{
public:
    explicit OutgoingCall(std::shared_ptr<Link> link);

    //! Runs `send` on the loop thread, and waits for the promise that it returns. Meanwhile this thread runs the calls
    //! that the peer makes back.
    //! @throw std::runtime_error with the message of any error, or if the connection is closed.
    void Run(kj::Function<kj::Promise<void>(Connection&)> send);

    // Loop thread only, within `send`.

    const std::shared_ptr<Link>& GetLink() const { return m_link; }

    //! Lets the peer call `object`, which the caller owns, until this call returns. This call returns only when no call
    //! on the object is running.
    template<typename T>
    std::shared_ptr<Held<T>> Lend(T& object)
    {
        m_thread.CountUp(m_waits_for);
        auto held{std::make_shared<Held<T>>(std::shared_ptr<T>{&object, [this](T*) { CountDown(); }})};
        m_take_back.push_back([held] { held->Take(); });
        return held;
    }

    void FillContext(Connection& connection, multiprocess::Context::Builder context)
    {
        connection.FillContext(context, m_thread, m_outer_call);
    }

private:
    void Start(kj::Function<kj::Promise<void>(Connection&)> send);
    void Finish(std::optional<std::string> error);
    void CountDown() { Waiter::CountDown(m_thread.shared_from_this(), m_waits_for); }

    const std::shared_ptr<Link> m_link;
    Waiter& m_thread{Waiter::Current()};
    IncomingCall* m_outer_call{nullptr}; // The peer's call that this thread is running, if any.
    size_t m_waits_for{1};               // The answer, and each lent object.
    std::vector<kj::Function<void()>> m_take_back;
    std::optional<std::string> m_error;
};

} // namespace mpfuzz::fuzz_interface::native
