#include <mpfuzz/engine/worker.h>

#include <csignal>

#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>

namespace mpfuzz::engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds PUBLISH_INTERVAL{100};

// Most programs end much sooner. A guess.
constexpr std::chrono::milliseconds LONGEST_WAIT_FOR_QUIET{2'000};
constexpr std::chrono::milliseconds QUIET_INTERVAL{2};

// A signal handler has no other way to tell something.
volatile sig_atomic_t g_asked_to_end{0};

void OnSignal(int) { g_asked_to_end = 1; }

} // namespace

WorkerContext::WorkerContext(const schema::Schema& schema, const CampaignOptions& options, CampaignMemory& memory,
                             unsigned process, uint64_t seed, int pipe)
    : m_options{options}, m_memory{memory}, m_recorder{schema, memory, options.FindingsDirectory(), options.blueprint},
      m_process{process}, m_seed{seed}, m_pipe{pipe}
{
    // The supervisor sends SIGTERM. Ctrl-C does not reach this process.
    std::signal(SIGTERM, OnSignal);
    m_memory.Begin(process);
}

bool WorkerContext::IsOver() const { return g_asked_to_end != 0; }

void WorkerContext::BeginProgram()
{
    if (IsOver() || (m_options.max_findings && m_memory.Findings() >= *m_options.max_findings)) Exit(WORKER_DONE);
    RestIfAsked();
    const uint64_t before{m_memory.ClaimProgram()};
    if (m_options.runs && before >= *m_options.runs) Exit(WORKER_DONE);
    if (Clock::now() - m_published < PUBLISH_INTERVAL) return;
    m_published = Clock::now();
    if (m_publish) m_publish();
}

void WorkerContext::Rest(const std::function<void()>& wait)
{
    GetActivity().resting = true;
    wait();
    GetActivity().resting = false;
}

void WorkerContext::RestIfAsked()
{
    if (!m_memory.MustRest(m_process)) return;
    Rest([this] {
        while (m_memory.MustRest(m_process) && !IsOver()) std::this_thread::sleep_for(QUIET_INTERVAL);
    });
}

void WorkerContext::BeginQuiet()
{
    while (!m_memory.AskForQuiet(m_process) && !IsOver()) RestIfAsked();
    const auto until{Clock::now() + LONGEST_WAIT_FOR_QUIET};
    while (!m_memory.OthersRest(m_process) && Clock::now() < until && !IsOver())
        std::this_thread::sleep_for(QUIET_INTERVAL);
}

void WorkerContext::Send(char kind, const std::string& text)
{
    std::string message{kind + text};
    std::erase(message, '\0');
    message += '\0';
    for (size_t done{0}; done < message.size();) {
        const ssize_t n{write(m_pipe, message.data() + done, message.size() - done)};
        if (n < 0 && errno == EINTR) continue;
        // Nothing reads the pipe any more: the campaign was killed.
        if (n < 0) _exit(WORKER_ERROR);
        done += static_cast<size_t>(n);
    }
}

void WorkerContext::EndCampaign(const std::string& reason)
{
    Send('S', reason);
    Exit(WORKER_DONE);
}

void WorkerContext::Fail(const base::Error& error)
{
    Send('E', error.message);
    Exit(WORKER_ERROR);
}

void WorkerContext::Exit(int status)
{
    if (m_publish) m_publish();
    if (m_close) m_close();
    // _exit: the exit handlers of libFuzzer and of the parent process must not run here.
    _exit(status);
}

} // namespace mpfuzz::engine
