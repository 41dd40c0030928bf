#include <fuzz_interface/drivers/worker_thread.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace mpfuzz::fuzz_interface {
namespace {

// The number of earlier calls in the report of a failure.
constexpr size_t HISTORY_LINES{100};

constexpr size_t MAX_MESSAGE{200};

std::string ShowNumber(uint64_t value) { return std::to_string(static_cast<int64_t>(value)); }

std::string ShowOutcome(const Outcome<uint64_t>& outcome)
{
    if (const auto* const value{std::get_if<uint64_t>(&outcome)}) return ShowNumber(*value);
    const Thrown& thrown{std::get<Thrown>(outcome)};
    if (thrown.kind != Thrown::Kind::STANDARD) return "an exception that is not derived from std::exception";
    return "thrown: " + thrown.error.message.substr(0, MAX_MESSAGE);
}

//! Describes the outcome that the call should have had. Empty if the outcome was right.
std::string ExpectedInstead(const PlannedCall& call, const Outcome<uint64_t>& outcome)
{
    if (const auto* const thrown{std::get_if<Thrown>(&outcome)}) {
        if (thrown->kind != Thrown::Kind::STANDARD) return "an exception derived from std::exception";
        return call.ending != PlannedCall::Ending::VALUE ? "" : "a value, " + ShowNumber(call.low);
    }
    if (call.ending == PlannedCall::Ending::EXCEPTION) return "an exception";
    const uint64_t value{std::get<uint64_t>(outcome)};
    if (value >= call.low && value <= call.high) return "";
    return ShowNumber(call.low) + (call.low == call.high ? "" : " to " + ShowNumber(call.high));
}

//! Returns "Visit" for "o1.Visit(5)" and for "o2 = o1.Visit(5)".
std::string MethodOf(const std::string& text)
{
    const size_t end{std::min(text.find('('), text.size())};
    const size_t begin{text.find_last_of(". ", end)};
    return begin == std::string::npos ? text.substr(0, end) : text.substr(begin + 1, end - begin - 1);
}

} // namespace

//! Shared with the thread, which may outlive the WorkerThread.
struct WorkerThread::State {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> work;
    std::shared_ptr<void> kept;
    bool busy{false};
    bool closed{false};

    void ThreadMain()
    {
        std::unique_lock lock{mutex};
        while (true) {
            changed.wait(lock, [this] { return busy || closed; });
            if (!busy) break;
            lock.unlock();
            work();
            // Destroys what the function owns, on this thread.
            work = nullptr;
            lock.lock();
            busy = false;
            changed.notify_all();
        }
        auto last{std::move(kept)};
        lock.unlock();
    }
};

WorkerThread::WorkerThread() : m_state{std::make_shared<State>()}, m_thread{[state = m_state] { state->ThreadMain(); }}
{
}

WorkerThread::~WorkerThread()
{
    if (!m_thread.joinable()) return;
    Close(nullptr);
    m_thread.join();
}

void WorkerThread::Start(std::function<void()> work)
{
    {
        const std::lock_guard lock{m_state->mutex};
        CHECK(!m_state->busy);
        m_state->work = std::move(work);
        m_state->busy = true;
    }
    m_state->changed.notify_all();
}

bool WorkerThread::Wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock{m_state->mutex};
    return m_state->changed.wait_for(lock, limit, [this] { return !m_state->busy; });
}

void WorkerThread::Abandon(std::shared_ptr<void> keep)
{
    Close(std::move(keep));
    m_thread.detach();
}

//! Asks the thread to end when its current function has returned.
void WorkerThread::Close(std::shared_ptr<void> keep)
{
    // `keep` may own this object. So before it is stored, this object must give up its share of the state.
    const auto state{std::exchange(m_state, nullptr)};
    {
        const std::lock_guard lock{state->mutex};
        state->kept = std::move(keep);
        state->closed = true;
    }
    state->changed.notify_all();
}

std::optional<Failure> ConcurrentCalls::MakeAll(std::vector<PlannedCall> calls)
{
    CHECK(calls.size() <= MAX_CONCURRENT);
    std::vector<std::shared_ptr<Outcome<uint64_t>>> outcomes;
    for (size_t i{0}; i < calls.size(); ++i) {
        outcomes.push_back(std::make_shared<Outcome<uint64_t>>());
        if (calls[i].text.empty()) continue;
        m_threads[i].Start([work = std::move(calls[i].work), outcome = outcomes[i]] { *outcome = Try(work); });
    }
    for (size_t i{0}; i < calls.size(); ++i) {
        if (m_threads[i].Wait(m_deadline)) continue;
        m_hanging.push_back(i);
        m_history.push_back(calls[i].text + " → unanswered");
    }
    if (!m_hanging.empty()) return Fail("a call has not ended within " + std::to_string(m_deadline.count()) + " ms");
    const bool concurrent{calls.size() > 1};
    for (size_t i{0}; i < calls.size(); ++i) {
        const PlannedCall& call{calls[i]};
        if (call.text.empty()) continue;
        const std::string got{ShowOutcome(*outcomes[i])};
        m_history.push_back((concurrent ? "| " : "  ") + call.text + " → " + got);
        if (m_history.size() > HISTORY_LINES) m_history.erase(m_history.begin());
        const std::string expected{ExpectedInstead(call, *outcomes[i])};
        if (!expected.empty()) {
            return Fail(MethodOf(call.text) + " had a wrong outcome\n" + call.text + ": expected " + expected +
                        ", got " + got);
        }
        if (call.update) call.update(call, std::holds_alternative<uint64_t>(*outcomes[i]));
    }
    return std::nullopt;
}

void ConcurrentCalls::AbandonHanging(const std::shared_ptr<void>& owner)
{
    for (const size_t i : m_hanging) m_threads[i].Abandon(owner);
}

Failure ConcurrentCalls::Fail(const std::string& what) const
{
    std::string text{what + "\nthe calls before (| made at the same time):\n"};
    for (const std::string& line : m_history) text += line + "\n";
    return {text};
}

} // namespace mpfuzz::fuzz_interface
