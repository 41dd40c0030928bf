#include <targets/model_node/worker.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace mpfuzz::model_node {
namespace {

// Guess: enough for many clients with their maximum of threads, and still few for a machine.
constexpr size_t MAX_WORKERS{2'048};

using Clock = std::chrono::steady_clock;

// How long a result may wait for others, so that they are returned together. Guess: about the cost of waking the loop
// and the client once.
constexpr std::chrono::microseconds MAX_HELD{100};

// For the planted bug lock-order: the number of returns for each line of the log.
constexpr size_t RETURNS_PER_LINE{4};

// Tells the loop thread that a worker has ended.
class WorkerEnd final : public Completion
{
public:
    WorkerEnd(Workers& workers, std::shared_ptr<Worker> worker) : m_workers{workers}, m_worker{std::move(worker)} {}
    void Settle() noexcept override { m_workers.Reap(m_worker); }

private:
    Workers& m_workers;
    std::shared_ptr<Worker> m_worker;
};

} // namespace

ThreadPool::~ThreadPool()
{
    {
        const std::lock_guard lock{m_mutex};
        m_ending = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads) thread.join();
}

void ThreadPool::StartWork(std::function<void()> work)
{
    const std::lock_guard lock{m_mutex};
    JoinEnded();
    if (m_work.size() < m_idle) {
        m_work.push_back(std::move(work));
        m_wake.notify_one();
        return;
    }
    m_threads.emplace_back([this, first = std::move(work)]() mutable {
        std::exchange(first, nullptr)();
        Serve();
    });
}

void ThreadPool::Serve()
{
    std::unique_lock lock{m_mutex};
    while (m_idle < MAX_IDLE && !m_ending) {
        ++m_idle;
        m_wake.wait(lock, [this] { return m_ending || !m_work.empty(); });
        --m_idle;
        if (m_work.empty()) break;
        auto work{std::move(m_work.front())};
        m_work.pop_front();
        lock.unlock();
        std::exchange(work, nullptr)();
        lock.lock();
    }
    m_ended.push_back(std::this_thread::get_id());
}

void ThreadPool::JoinEnded()
{
    // These threads do not lock the mutex again: joining them takes no time, even while it is held.
    for (const std::thread::id id : std::exchange(m_ended, {})) {
        const auto thread{
            std::find_if(m_threads.begin(), m_threads.end(), [id](const auto& t) { return t.get_id() == id; })};
        thread->join();
        m_threads.erase(thread);
    }
}

bool Worker::Post(std::shared_ptr<Job> job)
{
    if (m_stopped) return false;
    if (m_unsent.empty()) m_workers.Schedule(*this);
    m_unsent.push_back(std::move(job));
    return true;
}

void Worker::Send()
{
    bool was_empty;
    {
        const std::lock_guard lock{m_mutex};
        was_empty = m_queue.empty();
        std::move(m_unsent.begin(), m_unsent.end(), std::back_inserter(m_queue));
        // PLANTED BUG lock-order: locks the queue's mutex first, then the log's; LogReturn does the opposite.
        if (m_call_log) m_call_log->NotePosted(m_queue.size());
    }
    m_unsent.clear();
    if (was_empty) m_wake.notify_one();
}

void Worker::Stop()
{
    m_stopped = true;
    // PLANTED BUG thread-handle-race: the thread may not have started yet; see planted.h.
    if (m_bugs.thread_handle_race) m_handle.Release();
    Send();
    {
        const std::lock_guard lock{m_mutex};
        m_stopping = true;
    }
    m_wake.notify_one();
}

std::vector<std::shared_ptr<Job>> Worker::TakeBatch()
{
    std::unique_lock lock{m_mutex};
    m_wake.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
    auto batch{std::exchange(m_queue, {})};
    lock.unlock();
    // PLANTED BUG reordered: if three or more calls wait, begin with the newest.
    if (m_bugs.reordered && batch.size() > 2) std::rotate(batch.begin(), batch.end() - 1, batch.end());
    return batch;
}

// PLANTED BUG lock-order: locks the log's mutex first, then the queue's; Send does the opposite. At this time the
// client may already have the answer, and its next call may arrive.
void Worker::LogReturn(std::vector<std::shared_ptr<Completion>> finished)
{
    m_completions.Push(std::move(finished));
    if (++m_returned % RETURNS_PER_LINE != 0) return;
    m_call_log->NoteReturned([this] {
        const std::lock_guard lock{m_mutex};
        return m_queue.size();
    });
}

void Worker::RunJobs()
{
    while (true) {
        auto batch{TakeBatch()};
        if (batch.empty()) return;
        // Jobs that finish at about the same time are returned together. This saves wake-ups and writes to the client.
        std::vector<std::shared_ptr<Completion>> finished;
        auto since{Clock::now()};
        for (auto& job : batch) {
            if (job->MayWait() || Clock::now() - since > MAX_HELD) {
                m_completions.Push(std::exchange(finished, {}));
                since = Clock::now();
            }
            job->Run();
            finished.push_back(std::move(job));
            if (m_call_log) LogReturn(std::exchange(finished, {}));
        }
        m_completions.Push(std::move(finished));
    }
}

Worker::Worker(Workers& workers)
    : m_workers{workers}, m_completions{workers.m_completions}, m_bugs{workers.m_bugs}, m_call_log{workers.m_call_log}
{
}

Workers::Workers(CompletionQueue& completions, const Bugs& bugs) : m_completions{completions}, m_bugs{bugs}
{
    if (bugs.lock_order) m_call_log = std::make_shared<planted::CallLog>();
}

Workers::~Workers()
{
    for (const auto& worker : m_workers) worker->Stop();
}

std::shared_ptr<Worker> Workers::Start()
{
    if (m_workers.size() >= MAX_WORKERS) throw std::runtime_error{"too many threads"};
    auto worker{std::make_shared<Worker>(*this)};
    m_threads.StartWork([this, worker] {
        if (m_bugs.thread_handle_race) worker->m_handle.OnStart();
        worker->RunJobs();
        m_completions.Push({std::make_shared<WorkerEnd>(*this, worker)});
    });
    m_workers.insert(worker);
    return worker;
}

void Workers::Schedule(Worker& worker)
{
    m_with_unsent.push_back(&worker);
    if (m_with_unsent.size() > 1) return;
    m_sending = kj::evalLater([this] {
                    for (Worker* other : std::exchange(m_with_unsent, {})) other->Send();
                }).eagerlyEvaluate(nullptr);
}

void Workers::Reap(const std::shared_ptr<Worker>& worker)
{
    std::erase(m_with_unsent, worker.get());
    m_workers.erase(worker);
}

} // namespace mpfuzz::model_node
