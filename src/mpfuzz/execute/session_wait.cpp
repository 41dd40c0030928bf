#include <mpfuzz/execute/session.h>

#include <algorithm>
#include <functional>

// How a run waits for answers: how long, and what it concludes if none comes.
namespace mpfuzz::execute {

using program::StepIndex;
using trace::Outcome;
using trace::Status;

namespace {

// While we answer a call of the target by calling it back: either its answer comes soon, or both sides wait for each
// other, which is a deadlock. A guess, unmeasured.
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
    // The target may be silent for a good reason: other calls wait behind one that may block, or the target waits for
    // an answer of ours. Then we take answers as long as they come, and a missing answer is no fault.
    const auto excused{[&] { return BlockerOutstanding() || TargetWaitsForUs(); }};
    const std::function<bool()> done_or_excused{[&] { return done() || excused(); }};
    do {
        while (excused()) {
            const uint64_t ended{m_ended};
            if (!WaitUntil([&] { return m_ended != ended; }, SilenceLimit()) || done()) return;
        }
        WaitUntil(done_or_excused, rules.reply);
        // The whole machine may have stood still, and the target with it: an answer within the grace period is in time.
        if (!done_or_excused()) WaitUntil(done_or_excused, rules.grace);
        if (done() || m_died) return;
    } while (excused());
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

bool Session::BlockerOutstanding() const
{
    return std::any_of(m_calls.begin(), m_calls.end(), [this](const auto& call) {
        if (!call.second.outstanding) return false;
        // After raw bytes, such as half a message, the target may misread all that follows.
        const auto connection{m_connections.find(call.second.connection)};
        return call.second.may_block || (connection != m_connections.end() && connection->second->Provoked());
    });
}

} // namespace mpfuzz::execute
