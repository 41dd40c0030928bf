#include "targets/model_node/worker.h"

#include <stdexcept>
#include <utility>

namespace mpfuzz::model_node {
namespace {

// Guess: many clients with full sets of threads, and still no burden for a machine.
constexpr size_t MAX_WORKERS{2'048};

// A thread's last word: "join me".
class ThreadEnd final : public Completion
{
public:
    ThreadEnd(Workers& workers, std::shared_ptr<Worker> worker) : m_workers{workers}, m_worker{std::move(worker)} {}
    void Settle() noexcept override { m_workers.Reap(m_worker); }

private:
    Workers& m_workers;
    std::shared_ptr<Worker> m_worker;
};

} // namespace

bool Worker::Post(std::shared_ptr<Job> job)
{
    bool was_empty;
    {
        const std::lock_guard lock{m_mutex};
        if (m_stopping) return false;
        was_empty = m_queue.empty();
        m_queue.push_back(std::move(job));
    }
    if (was_empty) m_wake.notify_one();
    return true;
}

void Worker::Stop()
{
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
        for (auto& job : batch) {
            job->Run();
            m_completions.Push(std::move(job));
        }
    }
}

Workers::~Workers()
{
    for (const auto& worker : m_workers) worker->Stop();
    for (const auto& worker : m_workers) worker->m_thread.join();
}

std::shared_ptr<Worker> Workers::Start()
{
    if (m_workers.size() >= MAX_WORKERS) throw std::runtime_error{"too many threads"};
    auto worker{std::make_shared<Worker>(m_completions)};
    m_workers.insert(worker);
    try {
        worker->m_thread = std::thread{[this, worker] {
            worker->Run();
            m_completions.Push(std::make_shared<ThreadEnd>(*this, worker));
        }};
    } catch (...) {
        m_workers.erase(worker);
        throw;
    }
    return worker;
}

void Workers::Reap(const std::shared_ptr<Worker>& worker)
{
    worker->m_thread.join();
    m_workers.erase(worker);
}

} // namespace mpfuzz::model_node
