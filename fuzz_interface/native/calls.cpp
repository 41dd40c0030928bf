#include <fuzz_interface/native/calls.h>

#include <fuzz_interface/native/connection.h>
#include <fuzz_interface/native/loop_thread.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

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

OutgoingCall::OutgoingCall(std::shared_ptr<Link> link) : m_link{std::move(link)}
{
    CHECK(!m_link->loop->IsCurrent());
    m_thread.Uses(m_link);
    const auto& running{m_thread.Running()};
    const auto innermost{std::find_if(running.rbegin(), running.rend(),
                                      [this](const IncomingCall* call) { return call->GetLink() == m_link; })};
    if (innermost != running.rend()) m_outer_call = *innermost;
}

void OutgoingCall::Run(kj::Function<kj::Promise<void>(Connection&)> send)
{
    const bool posted{m_link->loop->Post([&] { Start(kj::mv(send)); })};
    if (!posted) throw std::runtime_error{"the loop has ended"};
    m_thread.RunUntilZero(m_waits_for);
    if (m_error) throw std::runtime_error{*m_error};
}

void OutgoingCall::Start(kj::Function<kj::Promise<void>(Connection&)> send)
{
    LoopThread& loop{*m_link->loop};
    loop.CallBegins();
    auto answer{kj::evalNow([&] {
        Connection& connection{m_link->Get()};
        return connection.Wrap(send(connection));
    })};
    loop.Tasks().add(
        answer.then([this] { Finish(std::nullopt); },
                    [this](kj::Exception&& error) { Finish(std::string{error.getDescription().cStr()}); }));
}

void OutgoingCall::Finish(std::optional<std::string> error)
{
    m_error = std::move(error);
    for (auto& take_back : m_take_back) take_back();
    m_link->loop->CallEnds();
    CountDown();
}

} // namespace mpfuzz::fuzz_interface::native
