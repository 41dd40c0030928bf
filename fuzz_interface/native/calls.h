// Calls in either direction, and the objects that they are made on.
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

//! Until it is taken away: by `destroy`, or by the end of the call that lent it. A call that runs keeps the object.
template<typename T>
class Held
{
public:
    explicit Held(std::shared_ptr<T> object) : m_object{std::move(object)} {}

    //! Any thread; null where it was taken.
    std::shared_ptr<T> Get()
    {
        const std::lock_guard lock{m_mutex};
        return m_object;
    }

    //! Any thread; null where it was taken before.
    std::shared_ptr<T> Take()
    {
        const std::lock_guard lock{m_mutex};
        return std::move(m_object);
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<T> m_object; // Guarded by m_mutex.
};

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

//! On the stack of the thread that calls.
class OutgoingCall
{
public:
    explicit OutgoingCall(std::shared_ptr<Link> link);

    //! Run `send` on the loop thread, and wait until what it returns is over; meanwhile run what is called back. Throws
    //! std::runtime_error with the words of any error, or where the connection has gone.
    void Run(kj::Function<kj::Promise<void>(Connection&)> send);

    // Loop thread only, within `send`.

    const std::shared_ptr<Link>& GetLink() const { return m_link; }

    //! Let the peer call an object that is the caller's until the call returns. The call returns only when no call on
    //! the object runs any more.
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
        connection.FillContext(context, m_thread, m_inside);
    }

private:
    void Start(kj::Function<kj::Promise<void>(Connection&)> send);
    void Finish(std::optional<std::string> error);
    void CountDown() { Waiter::CountDown(m_thread.shared_from_this(), m_waits_for); }

    const std::shared_ptr<Link> m_link;
    Waiter& m_thread{Waiter::Current()};
    IncomingCall* m_inside{nullptr}; // The call from there that this thread is in the middle of, if any.
    size_t m_waits_for{1};           // The answer, and what was lent.
    std::vector<kj::Function<void()>> m_take_back;
    std::optional<std::string> m_error;
};

} // namespace mpfuzz::fuzz_interface::native
