#include <fuzz_interface/native/loop_thread.h>

#include <mpfuzz/base/check.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

namespace mpfuzz::fuzz_interface::native {
namespace {

class AsideJob final : public Job
{
public:
    explicit AsideJob(kj::Function<void()> function) : m_function{kj::mv(function)} {}
    ~AsideJob() noexcept override = default;
    void Run() noexcept override
    {
        auto function{kj::mv(m_function)}; // Destroyed on this thread, whichever thread releases the job last.
        function();
    }
    void Abandon() noexcept override { Run(); }

private:
    kj::Function<void()> m_function;
};

kj::AutoCloseFd MakeEventFd()
{
    const int fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (fd < 0) throw std::runtime_error{"eventfd failed"};
    return kj::AutoCloseFd{fd};
}

} // namespace

LoopThread::LoopThread() : m_event{MakeEventFd()} {}

LoopThread::~LoopThread() { CHECK(!m_thread.joinable()); }

void LoopThread::Start()
{
    std::promise<void> started;
    m_ended = false;
    m_thread = std::thread{[&] { Run([&] { started.set_value(); }); }};
    started.get_future().wait();
}

void LoopThread::Stop()
{
    CHECK(!IsCurrent());
    Post([this] { BeginStop(); });
    m_thread.join();
}

bool LoopThread::Post(kj::Function<void()> function)
{
    bool was_empty;
    {
        const std::lock_guard lock{m_mutex};
        if (m_ended) return false;
        was_empty = m_queue.empty();
        m_queue.push_back(kj::mv(function));
    }
    if (was_empty) Wake();
    return true;
}

void LoopThread::Sync(kj::Function<void()> function)
{
    CHECK(!IsCurrent());
    std::promise<std::string> error;
    const bool posted{Post([&] {
        std::string words;
        try {
            function();
        } catch (const std::exception& e) { // kj::Exception as well
            words = std::string{"the loop: "} + e.what();
        }
        error.set_value(std::move(words));
    })};
    if (!posted) throw std::runtime_error{"the loop has ended"};
    if (const std::string words{error.get_future().get()}; !words.empty()) throw std::runtime_error{words};
}

LoopObject& LoopThread::Add(std::unique_ptr<LoopObject> object)
{
    if (m_stopping) throw std::runtime_error{"the loop is about to end"};
    LoopObject& added{*object};
    m_objects.emplace(&added, std::move(object));
    return added;
}

void LoopThread::Remove(LoopObject& object) { m_objects.erase(&object); }

std::shared_ptr<Waiter> LoopThread::StartWorker()
{
    auto waiter{std::make_shared<Waiter>()};
    std::thread thread{[this, waiter] {
        waiter->MakeCurrent();
        waiter->RunUntilStopped();
        waiter->Close();
        Post([this, waiter] {
            const auto worker{m_workers.extract(waiter.get())};
            worker.mapped().thread.join();
        });
    }};
    m_workers.emplace(waiter.get(), Worker{std::move(thread), waiter});
    return waiter;
}

// When the loop stops, this thread stops as well, as soon as nothing is left for it.
void LoopThread::RunAside(kj::Function<void()> function)
{
    const auto job{std::make_shared<AsideJob>(kj::mv(function))};
    if (m_aside && m_aside->Post(job)) return;
    m_aside = StartWorker();
    CHECK(m_aside->Post(job));
    if (m_stopping) m_aside->Stop();
}

void LoopThread::CallEnds()
{
    if (--m_calls == 0 && m_stopping) Wake();
}

void LoopThread::Run(kj::Function<void()> started)
{
    auto io{kj::setupAsyncIo()};
    kj::TaskSet tasks{*this};
    m_id = std::this_thread::get_id();
    m_io = &io;
    m_tasks = &tasks;
    using Provider = kj::LowLevelAsyncIoProvider;
    const unsigned flags{Provider::ALREADY_CLOEXEC | Provider::ALREADY_NONBLOCK};
    auto wake{io.lowLevelProvider->wrapInputFd(m_event.get(), flags)};
    started();
    do {
        uint64_t count;
        wake->read(&count, sizeof(count), sizeof(count)).wait(io.waitScope);
        Drain();
    } while (!TryEnd());
    m_aside = nullptr;
}

void LoopThread::Wake()
{
    const uint64_t one{1};
    // Cannot fail: the counter is far from its limit, and the descriptor lives as long as this object.
    [[maybe_unused]] const ssize_t written{write(m_event.get(), &one, sizeof(one))};
}

void LoopThread::Drain()
{
    std::vector<kj::Function<void()>> queue;
    {
        const std::lock_guard lock{m_mutex};
        queue.swap(m_queue);
    }
    for (auto& function : queue) function();
}

void LoopThread::BeginStop()
{
    m_stopping = true;
    for (auto objects{std::exchange(m_objects, {})}; !objects.empty();) objects.erase(objects.begin());
    for (const auto& [_, worker] : m_workers) worker.waiter->Stop();
}

// Cancelled promises release their objects in later turns of the loop. Those objects may need a worker again.
bool LoopThread::TryEnd()
{
    if (IsBusy()) return false;
    kj::evalLast([] {}).wait(m_io->waitScope);
    if (IsBusy()) return false;
    const std::lock_guard lock{m_mutex};
    return m_ended = m_queue.empty();
}

void LoopThread::taskFailed(kj::Exception&& error) { CHECK(false, error.getDescription().cStr()); }

} // namespace mpfuzz::fuzz_interface::native
