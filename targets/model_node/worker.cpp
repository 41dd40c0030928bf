#include "targets/model_node/worker.h"

#include <chrono>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace mpfuzz::model_node {
namespace {

// Guess: many clients with full sets of threads, and still no burden for a machine.
constexpr size_t MAX_WORKERS{2'048};

using Clock = std::chrono::steady_clock;

// How long a result may wait for others. Guess: about what it costs to wake a thread and a client for it alone.
constexpr std::chrono::microseconds MAX_HELD{100};

// A worker's last word.
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
    }
    m_unsent.clear();
    if (was_empty) m_wake.notify_one();
}

void Worker::Stop()
{
    m_stopped = true;
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
    return std::exchange(m_queue, {});
}

void Worker::Run()
{
    while (true) {
        auto batch{TakeBatch()};
        if (batch.empty()) return;
        // What is finished at about the same time goes back together: one wake-up and one write to the client.
        std::vector<std::shared_ptr<Completion>> finished;
        auto since{Clock::now()};
        for (auto& job : batch) {
            if (job->MayWait() || Clock::now() - since > MAX_HELD) {
                m_completions.Push(std::exchange(finished, {}));
                since = Clock::now();
            }
            job->Run();
            finished.push_back(std::move(job));
        }
        m_completions.Push(std::move(finished));
    }
}

Workers::~Workers()
{
    for (const auto& worker : m_workers) worker->Stop();
}

std::shared_ptr<Worker> Workers::Start()
{
    if (m_workers.size() >= MAX_WORKERS) throw std::runtime_error{"too many threads"};
    auto worker{std::make_shared<Worker>(*this, m_completions)};
    m_threads.Run([this, worker] {
        worker->Run();
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
