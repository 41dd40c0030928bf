// Waiting for the chain to grow, in a way that can be interrupted and cancelled.
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

//! When to give up waiting; nothing means never. On the monotonic clock.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

//! The deadline `timeout_ms` from now. Zero, negative and NaN mean now; beyond a hundred years means never.
Deadline DeadlineIn(double timeout_ms);

enum class WaitResult { TipChanged, TimedOut, Interrupted, Cancelled };

//! The current tip, and those who wait for another. Thread-safe; no lock is held for longer than a few
//! instructions, so the event loop may call everything but `Wait`.
class TipMonitor
{
    struct Waiter;

public:
    //! "Do not wait": raised by one call, consumed by one wait, whichever comes first.
    class Interrupt
    {
        friend class TipMonitor;
        bool m_raised{false}; // Guarded by TipMonitor::m_mutex.
    };

    //! Tells one call that nobody wants its answer any more. Final.
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

    //! Wait until the tip is not `hash`. An interrupt that is already raised goes first.
    WaitResult Wait(const Hash256& hash, const Deadline& deadline, Interrupt& interrupt, Cancellation& cancellation);

    //! Whether `interrupt` was raised; lowers it.
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
