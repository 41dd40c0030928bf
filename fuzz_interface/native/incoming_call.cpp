#include <fuzz_interface/native/incoming_call.h>

#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/loop_thread.h>

namespace mpfuzz::fuzz_interface::native {

void IncomingCall::Run() noexcept
{
    auto& running{Waiter::Current().Running()};
    running.push_back(this);
    Invoke();
    running.pop_back();
    PostSettle();
}

void IncomingCall::Abandon() noexcept
{
    Fail();
    PostSettle();
}

kj::Promise<void> IncomingCall::Promise()
{
    auto [promise, fulfiller]{kj::newPromiseAndFulfiller<void>()};
    m_fulfiller = kj::mv(fulfiller);
    return kj::mv(promise);
}

void IncomingCall::Disconnect()
{
    m_fulfiller = nullptr;
    m_callback_thread = nullptr;
}

void IncomingCall::PostSettle()
{
    m_link->loop->Post([self = shared_from_this()] { self->Settle(); });
}

void IncomingCall::Settle()
{
    const auto self{shared_from_this()};
    if (m_link->connection != nullptr) m_link->connection->Settled(self);
    auto fulfiller{kj::mv(m_fulfiller)};
    Disconnect();
    if (fulfiller.get() != nullptr && fulfiller->isWaiting()) return fulfiller->fulfill();
    const UnansweredCall dropped{self};
}

UnansweredCall::~UnansweredCall()
{
    if (!m_call) return;
    m_call->Disconnect();
    LoopThread& loop{*m_call->GetLink()->loop};
    loop.RunAside([call = std::move(m_call)]() mutable { call = nullptr; });
}

} // namespace mpfuzz::fuzz_interface::native
