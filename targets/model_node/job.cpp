#include <targets/model_node/job.h>

#include <targets/model_node/connection.h>

#include <kj/debug.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iterator>
#include <thread>

namespace mpfuzz::model_node {
namespace {

kj::AutoCloseFd MakeEventFd()
{
    const int fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    KJ_REQUIRE(fd >= 0, "eventfd failed");
    return kj::AutoCloseFd{fd};
}

// For the planted bug disconnect-in-call: a call takes this long on a real node. A client that does not wait
// for its answer then leaves while the call is running.
constexpr std::chrono::milliseconds REAL_CALL_TIME{10};

// PLANTED BUG disconnect-in-call: assumes that the client is still connected. Volatile, so that the compiler does not
// conclude that the pointer cannot be null. Without UBSan's check, so that it faults in the same way in every build.
__attribute__((no_sanitize("undefined"))) void CountUnchecked(volatile ConnectionRecord* record)
{
    record->answered_calls = record->answered_calls + 1;
}

} // namespace

CompletionQueue::CompletionQueue(kj::UnixEventPort& port)
    : m_event{MakeEventFd()}, m_observer{port, m_event.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ}
{
}

void CompletionQueue::Push(std::vector<std::shared_ptr<Completion>> completions)
{
    if (completions.empty()) return;
    bool was_empty;
    {
        const std::lock_guard lock{m_mutex};
        was_empty = m_queue.empty();
        std::move(completions.begin(), completions.end(), std::back_inserter(m_queue));
    }
    if (!was_empty) return;
    const uint64_t one{1};
    // Cannot fail: the counter is far below its limit, and the descriptor lives as long as this object.
    [[maybe_unused]] const ssize_t written{write(m_event.get(), &one, sizeof(one))};
}

kj::Promise<void> CompletionQueue::SettleAll()
{
    // The observer is edge-triggered: ask for the next event before reading, otherwise it may be lost.
    auto readable{m_observer.whenBecomesReadable()};
    Drain();
    return readable.then([this] { return SettleAll(); });
}

void CompletionQueue::Drain()
{
    uint64_t count;
    [[maybe_unused]] const ssize_t got{read(m_event.get(), &count, sizeof(count))};
    std::vector<std::shared_ptr<Completion>> queue;
    {
        const std::lock_guard lock{m_mutex};
        queue.swap(m_queue);
    }
    for (const auto& completion : queue) completion->Settle();
}

void Job::Run()
{
    if (m_trust_connection) std::this_thread::sleep_for(REAL_CALL_TIME);
    if (cancellation.IsRequested()) {
        m_error = "cancelled";
        return;
    }
    if (!m_catches) return Execute();
    try {
        Execute();
    } catch (const std::exception& error) {
        m_error = error.what();
    } catch (...) {
        m_error = "unknown exception";
    }
}

void Job::SetConnection(std::shared_ptr<ConnectionLink> link, bool trust_connection)
{
    m_link = std::move(link);
    m_trust_connection = trust_connection;
}

void Job::Settle() noexcept
{
    if (m_trust_connection) {
        CountUnchecked(m_link->record);
    } else if (m_link->record != nullptr) {
        ++m_link->record->answered_calls;
    }
    if (m_call != nullptr) m_call->Finish();
}

} // namespace mpfuzz::model_node
