#include <mpfuzz/execute/session.h>

#include <algorithm>

// How a run waits: for what, how long, and what it concludes when nothing comes.
namespace mpfuzz::execute {

using program::StepIndex;
using trace::Outcome;
using trace::Status;

namespace {

// For the answer to a call of ours within a call of the target's: it comes soon, or we have made a knot that never
// comes undone. Guess, unmeasured.
constexpr std::chrono::milliseconds CALLBACK_PATIENCE{100};

} // namespace

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
    // What is ready goes out first: an answer of ours that has come due is owed no more.
    Poll();
    // While a call that may block is outstanding, others may rightly wait behind it, and while the target has no answer
    // of ours, for that: answers are taken as long as they come, and silence for no fault.
    const std::function<bool()> done_or_excused{[&] { return done() || BlockerOutstanding() || WeOwe(); }};
    do {
        while (BlockerOutstanding() || WeOwe()) {
            const uint64_t ended{m_ended};
            if (!WaitUntil([&] { return m_ended != ended; }, Patience()) || done()) return;
        }
        WaitUntil(done_or_excused, rules.reply);
        // The whole machine may have stood still, and the target with it: what comes now is in time.
        if (!done_or_excused()) WaitUntil(done_or_excused, rules.grace);
        if (done() || m_died) return;
    } while (BlockerOutstanding() || WeOwe());
    m_suspicious = true;
    for (const StepIndex index : calls) m_trace.outcomes[index].awaited |= Outstanding(index);
}

std::chrono::milliseconds Session::Patience() const
{
    return (*m_environment)->nesting > 0 ? CALLBACK_PATIENCE : m_context.rules.blocked;
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
    return std::any_of(m_calls.begin(), m_calls.end(), [this](const auto& call) {
        if (!call.second.outstanding) return false;
        // After bytes of our own, such as half a message, all that follows may be taken for something else.
        const auto connection{m_connections.find(call.second.connection)};
        return call.second.may_block || (connection != m_connections.end() && connection->second->Provoked());
    });
}

} // namespace mpfuzz::execute
