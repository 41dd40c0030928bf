#include <mpfuzz/execute/session.h>

#include <algorithm>
#include <functional>

// How a run waits for answers: how long, and what it concludes if none comes.
namespace mpfuzz::execute {

using program::StepIndex;
using trace::Outcome;
using trace::Status;

namespace {

// How long to wait for an answer while a served object calls the target back. If no answer comes in this time, both
// sides wait for each other: a deadlock. A guess, unmeasured.
constexpr std::chrono::milliseconds CALLBACK_LIMIT{100};

} // namespace

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

void Session::Poll()
{
    m_polling = true;
    KJ_DEFER(m_polling = false);
    m_context.io.waitScope.poll();
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
    const auto& rules{m_context.rules};
    // Send our answers that are due, so that the target no longer waits for them.
    Poll();
    // A correct target may send no answer if other calls wait behind one that may block, or if it waits for an answer
    // of ours. Then we wait as long as answers arrive, and a missing answer is not an error.
    const std::function<bool()> done_or_silent{[&] { return done() || MayBeSilent(); }};
    do {
        while (MayBeSilent()) {
            const uint64_t ended{m_ended};
            if (!WaitUntil([&] { return m_ended != ended; }, SilenceLimit()) || done()) return;
        }
        WaitUntil(done_or_silent, rules.reply);
        // The whole machine, and the target with it, may not have run for some time. So an answer within the grace
        // period is in time.
        if (!done_or_silent()) WaitUntil(done_or_silent, rules.grace);
        if (done() || m_died) return;
    } while (MayBeSilent());
    m_suspicious = true;
    for (const StepIndex index : calls) m_trace.outcomes[index].awaited |= Outstanding(index);
}

std::chrono::milliseconds Session::SilenceLimit() const
{
    return (*m_environment)->nesting > 0 ? CALLBACK_LIMIT : m_context.rules.blocked;
}

bool Session::Outstanding(StepIndex index) const
{
    const Outcome& outcome{m_trace.outcomes[index]};
    if (outcome.status != Status::UNANSWERED) return false;
    const auto call{m_calls.find(index)};
    return call != m_calls.end() ? call->second.outstanding : m_bootstraps.contains(index);
}

bool Session::HasBlockingCall() const
{
    return std::any_of(m_calls.begin(), m_calls.end(), [this](const auto& call) {
        if (!call.second.outstanding) return false;
        // After raw bytes, such as half a message, the target may misread all that follows.
        const auto connection{m_connections.find(call.second.connection)};
        return call.second.may_block || (connection != m_connections.end() && connection->second->MayBeClosed());
    });
}

} // namespace mpfuzz::execute
