// Lets threads wait for a new tip of the chain. A wait can be interrupted and cancelled.
#pragma once

#include <targets/model_node/chain/block.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>

namespace mpfuzz::model_node {

struct Tip {
    Hash256 hash;
    int height{0};
};

//! The time at which a wait times out, on the monotonic clock; nullopt: never.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

//! Returns the deadline `timeout_ms` from now. Zero, a negative number and NaN mean now; above a hundred years means
//! never.
Deadline DeadlineIn(double timeout_ms);

enum class WaitResult { TipChanged, TimedOut, Interrupted, Cancelled };

//! The current tip, and the threads that wait for another tip. Thread-safe. Its lock is held only for a few
//! instructions, so the event loop may call every method except `Wait`.
class TipMonitor
{
    struct Waiter;

public:
    //! Ends one wait. A call raises it; a running wait consumes it, or the next wait if none is running.
    class Interrupt
    {
        friend class TipMonitor;
        bool m_raised{false}; // Guarded by TipMonitor::m_mutex.
    };

    //! Tells one call that its answer is not needed. Cannot be undone.
    class Cancellation
    {
    public:
        bool IsRequested() const { return m_requested; }

    private:
        friend class TipMonitor;
        std::atomic<bool> m_requested{false};
        Waiter* m_waiter{nullptr}; // Guarded by TipMonitor::m_mutex.
    };

    explicit TipMonitor(const Tip& tip) : m_tip{tip} {}

    Tip Current() const;
    void Publish(const Tip& tip);

    //! Waits until the tip is not `hash`. If the interrupt is already raised, consumes it and returns at once.
    WaitResult Wait(const Hash256& hash, const Deadline& deadline, Interrupt& interrupt, Cancellation& cancellation);

    //! Returns whether `interrupt` was raised, and clears it.
    bool Consume(Interrupt& interrupt);

    void Raise(Interrupt& interrupt);
    void Cancel(Cancellation& cancellation);

private:
    struct Waiter {
        std::condition_variable wake;
        Interrupt* interrupt;
    };

    mutable std::mutex m_mutex;
    Tip m_tip;
    std::list<Waiter> m_waiters;
};

} // namespace mpfuzz::model_node
