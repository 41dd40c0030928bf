#include <mpfuzz/execute/session.h>

#include <algorithm>

// How a run waits: for what, how long, and what it concludes when nothing comes.
namespace mpfuzz::execute {

using program::StepIndex;
using trace::Outcome;
using trace::Status;

kj::TimePoint Deadline(std::chrono::milliseconds from_now)
{
    return kj::systemPreciseMonotonicClock().now() + from_now.count() * kj::MILLISECONDS;
}

bool Session::WaitUntil(const std::function<bool()>& done, std::chrono::milliseconds deadline)
{
    if (done()) return true;
    if (m_died) return false;
    auto waker{kj::newPromiseAndFulfiller<void>()};
    m_waker = kj::mv(waker.fulfiller);
    m_waiting_for = &done;
    auto& timer{m_context.io.provider->getTimer()};
    waker.promise.exclusiveJoin(timer.atTime(Deadline(deadline)))
        .exclusiveJoin(m_death.addBranch().then([this] { m_died = true; }))
        .wait(m_context.io.waitScope);
    m_waiting_for = nullptr;
    m_waker = nullptr;
    return done();
}

void Session::Wake()
{
    if (m_waiting_for == nullptr || !(*m_waiting_for)()) return;
    KJ_IF_MAYBE (waker, m_waker) (*waker)->fulfill();
}

void Session::AwaitCalls(const std::vector<StepIndex>& calls)
{
    const std::function<bool()> done{
        [&] { return std::none_of(calls.begin(), calls.end(), [&](StepIndex index) { return Outstanding(index); }); }};
    const auto& deadlines{m_context.deadlines};
    // While a call that may block is outstanding, others may rightly wait behind it: answers are taken as long as
    // they come, and silence for no fault.
    while (BlockerOutstanding()) {
        const uint64_t ended{m_ended};
        if (!WaitUntil([&] { return m_ended != ended; }, deadlines.blocked) || done()) return;
    }
    if (WaitUntil(done, deadlines.reply) || m_died) return;
    // The whole machine may have stood still, and the target with it: what comes now is in time.
    if (WaitUntil(done, STALL_GRACE) || m_died) return;
    m_suspicious = true;
    for (const StepIndex index : calls) m_trace.outcomes[index].awaited |= Outstanding(index);
}

bool Session::Outstanding(StepIndex index) const
{
    const Outcome& outcome{m_trace.outcomes[index]};
    if (outcome.status != Status::UNANSWERED) return false;
    const auto call{m_calls.find(index)};
    return call != m_calls.end() ? call->second.outstanding : m_bootstraps.contains(index);
}

bool Session::BlockerOutstanding() const
{
    return std::any_of(m_calls.begin(), m_calls.end(),
                       [](const auto& call) { return call.second.may_block && call.second.outstanding; });
}

} // namespace mpfuzz::execute
