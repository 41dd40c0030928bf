// A call of ours to the peer, from any thread.
#pragma once

#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/held.h>
#include <fuzz_interface/native/waiter.h>

#include <kj/async.h>
#include <kj/function.h>
#include <mp/proxy.capnp.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mpfuzz::fuzz_interface::native {

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
