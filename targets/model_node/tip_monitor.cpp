#include <targets/model_node/tip_monitor.h>

#include <cmath>
#include <utility>

namespace mpfuzz::model_node {
namespace {

constexpr double HUNDRED_YEARS_MS{100.0 * 365.25 * 24 * 60 * 60 * 1000};

} // namespace

Deadline DeadlineIn(double timeout_ms)
{
    const auto now{std::chrono::steady_clock::now()};
    if (std::isnan(timeout_ms) || timeout_ms <= 0) return now;
    if (timeout_ms > HUNDRED_YEARS_MS) return std::nullopt;
    return now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                     std::chrono::duration<double, std::milli>{timeout_ms});
}

Tip TipMonitor::Current() const
{
    const std::lock_guard lock{m_mutex};
    return m_tip;
}

void TipMonitor::Publish(const Tip& tip)
{
    const std::lock_guard lock{m_mutex};
    m_tip = tip;
    for (Waiter& waiter : m_waiters) waiter.wake.notify_one();
}

WaitResult TipMonitor::Wait(const Hash256& hash, const Deadline& deadline, Interrupt& interrupt,
                            Cancellation& cancellation)
{
    std::unique_lock lock{m_mutex};
    std::optional<WaitResult> result;
    const auto is_over{[&] {
        if (cancellation.m_requested) {
            result = WaitResult::Cancelled;
        } else if (interrupt.m_raised) {
            interrupt.m_raised = false;
            result = WaitResult::Interrupted;
        } else if (m_tip.hash != hash) {
            result = WaitResult::TipChanged;
        }
        return result.has_value();
    }};
    if (is_over()) return *result;

    // Each waiter has its own condition variable, so that cancelling one wakes only that one.
    const auto waiter{m_waiters.emplace(m_waiters.end())};
    waiter->interrupt = &interrupt;
    cancellation.m_waiter = &*waiter;
    if (deadline) {
        waiter->wake.wait_until(lock, *deadline, is_over);
    } else {
        waiter->wake.wait(lock, is_over);
    }
    cancellation.m_waiter = nullptr;
    m_waiters.erase(waiter);
    return result.value_or(WaitResult::TimedOut);
}

bool TipMonitor::Consume(Interrupt& interrupt)
{
    const std::lock_guard lock{m_mutex};
    return std::exchange(interrupt.m_raised, false);
}

void TipMonitor::Raise(Interrupt& interrupt)
{
    const std::lock_guard lock{m_mutex};
    interrupt.m_raised = true;
    for (Waiter& waiter : m_waiters) {
        if (waiter.interrupt == &interrupt) waiter.wake.notify_one();
    }
}

void TipMonitor::Cancel(Cancellation& cancellation)
{
    const std::lock_guard lock{m_mutex};
    cancellation.m_requested = true;
    if (cancellation.m_waiter != nullptr) cancellation.m_waiter->wake.notify_one();
}

} // namespace mpfuzz::model_node
