#include <targets/model_node/completion_queue.h>

#include <kj/debug.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <iterator>
#include <utility>

namespace mpfuzz::model_node {
namespace {

kj::AutoCloseFd MakeEventFd()
{
    const int fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    KJ_REQUIRE(fd >= 0, "eventfd failed");
    return kj::AutoCloseFd{fd};
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
    // Cannot fail: the counter is far from its limit, and the descriptor lives as long as this object.
    [[maybe_unused]] const ssize_t written{write(m_event.get(), &one, sizeof(one))};
}

kj::Promise<void> CompletionQueue::Run()
{
    // The observer reports edges: ask for the next one before looking, or it may be missed.
    auto readable{m_observer.whenBecomesReadable()};
    Drain();
    return readable.then([this] { return Run(); });
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

} // namespace mpfuzz::model_node
