#include <mpfuzz/execute/target.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/execute/process_report.h>
#include <mpfuzz/execute/target_instance.h>
#include <mpfuzz/stream/unix_socket.h>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <time.h>

namespace mpfuzz::execute {
namespace {

// Guesses, unmeasured: the largest number of spare processes, and the part of the machine's memory that the spares of
// one worker may use.
constexpr unsigned MAX_SPARES{32};
constexpr uint64_t SPARE_MEMORY_DIVISOR{16};

class SpawnedTarget final : public Target, private TargetProcess, private TargetCoverage
{
public:
    SpawnedTarget(const TargetFile& file, std::vector<std::string> extra, std::string scratch, Janitor& janitor)
        : m_rule{*file.spawn}, m_extra{std::move(extra)}, m_scratch{std::move(scratch)},
          m_connect_deadline{file.rules.bootstrap}, m_janitor{janitor}
    {
    }

    base::Status Start() override { return m_current ? base::Ok() : Restart(); }

    base::Status Restart() override
    {
        m_current.reset();
        if (!m_spares.empty()) {
            m_current = std::move(m_spares.front());
            m_spares.pop_front();
        } else if (auto status{Launch(m_current)}; !status) {
            return status;
        }
        if (auto ready{m_current->WaitReady()}; !ready) {
            m_current.reset();
            return ready;
        }
        // A spare process may have been ready long ago, so each time that we measure is an upper bound.
        if (m_start_time.count() == 0 || m_current->StartTime() < m_start_time) m_start_time = m_current->StartTime();
        if (m_spare_memory_kib == 0) MeasureStart(m_current->GetProcess().Pid());
        if (Coverage* const coverage = CurrentCoverage()) coverage->LayOver(m_counters);
        // The spare processes start while the current one is in use. If one cannot be started, the next restart
        // reports the error.
        while (m_spares.size() < m_spare_count) {
            std::unique_ptr<TargetInstance> spare;
            if (!Launch(spare)) break;
            m_spares.push_back(std::move(spare));
        }
        return base::Ok();
    }

    base::Result<int> Connect() override
    {
        CHECK(m_current);
        return stream::ConnectUnix(m_current->Socket(), m_connect_deadline);
    }
    std::string SocketPath() const override { return m_current ? m_current->Socket() : std::string{}; }
    bool CanRestart() const override { return true; }
    unsigned SetSpares(unsigned count) override
    {
        m_spare_count = std::min(count, AffordableSpares());
        if (m_spares.size() > m_spare_count) m_spares.resize(m_spare_count);
        return m_spare_count;
    }
    void SetSymbolize(bool symbolize) override
    {
        if (symbolize != m_symbolize) m_spares.clear();
        m_symbolize = symbolize;
    }
    std::chrono::nanoseconds StartTime() const override { return m_start_time; }
    void LimitLogs() override
    {
        if (m_current) m_current->LimitLogs();
        for (const auto& spare : m_spares) spare->LimitLogs();
    }
    std::string CommandLine() const override
    {
        std::string line;
        for (const auto* words : {&m_rule.command, &m_extra}) {
            for (const std::string& word : *words) line += (line.empty() ? "" : " ") + word;
        }
        return line;
    }
    TargetProcess* GetProcess() override { return this; }
    TargetCoverage* GetCoverage() override { return this; }

private:
    int DeathFd() const override { return m_current ? m_current->GetProcess().PidFd() : -1; }
    std::optional<Exit> Died() override { return m_current ? m_current->GetProcess().Poll() : std::nullopt; }
    bool Signal(int signal) override { return m_current && kill(m_current->GetProcess().Pid(), signal) == 0; }
    std::optional<trace::Usage> GetUsage() const override
    {
        return m_current ? UsageOf(m_current->GetProcess().Pid()) : std::nullopt;
    }
    uint64_t SanitizerKib() const override { return m_current ? SanitizerKibOf(m_current->GetProcess().Pid()) : 0; }
    std::string LogTail() const override { return m_current ? m_current->LogTail() : std::string{}; }
    uint64_t LogSize() const override { return m_current ? m_current->LogSize() : 0; }
    std::string CrashStack() const override { return m_current ? m_current->CrashStack() : std::string{}; }
    std::string Stacks() const override { return m_current ? m_current->Stacks() : std::string{}; }

    void ShareCoverage(std::span<uint8_t> counters) override
    {
        CHECK(!m_current);
        m_counters = counters;
    }
    void ClearCoverage() override
    {
        if (Coverage* const coverage = CurrentCoverage()) coverage->Clear();
    }
    void CollectCoverage() override
    {
        if (Coverage* const coverage = CurrentCoverage()) coverage->Collect();
    }
    std::vector<agent::Operands> Comparisons() const override
    {
        const Coverage* const coverage{CurrentCoverage()};
        return coverage ? coverage->Comparisons() : std::vector<agent::Operands>{};
    }
    void ForgetComparisons() override
    {
        if (Coverage* const coverage = CurrentCoverage()) coverage->ForgetComparisons();
    }
    std::string CoverageProblem() const override
    {
        if (m_rule.coverage == CoverageKind::NONE) return "target.toml says that there is none";
        const Coverage* const coverage{CurrentCoverage()};
        return coverage ? coverage->Problem() : std::string{};
    }

    //! Measure what a start costs, from a process that has just been started.
    void MeasureStart(pid_t pid)
    {
        if (const auto usage{UsageOf(pid)}) m_spare_memory_kib = usage->memory_kib;
        clockid_t clock{};
        timespec time{};
        if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &time) == 0)
            m_start_work = std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
    }

    //! Number of spares that together use at most one processor while they start, and not too much memory. At least 1.
    unsigned AffordableSpares() const
    {
        if (m_spare_memory_kib == 0) return MAX_SPARES; // the cost is not known yet
        const auto memory_kib{static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * (sysconf(_SC_PAGESIZE) / 1024)};
        const uint64_t by_memory{memory_kib / SPARE_MEMORY_DIVISOR / std::max<uint64_t>(m_spare_memory_kib, 1)};
        const auto by_work{static_cast<uint64_t>(m_start_time / std::max(m_start_work, std::chrono::nanoseconds{1}))};
        return static_cast<unsigned>(std::clamp<uint64_t>(std::min(by_memory, by_work), 1, MAX_SPARES));
    }

    //! The current process's counters; nullptr if it counts no edges.
    Coverage* CurrentCoverage() const { return m_current ? m_current->GetCoverage() : nullptr; }

    base::Status Launch(std::unique_ptr<TargetInstance>& into)
    {
        const CoverageKind coverage{m_counters.empty() ? CoverageKind::NONE : m_rule.coverage};
        auto instance{TargetInstance::Start(m_rule, m_extra, m_scratch + "/" + std::to_string(m_next++), m_janitor,
                                            coverage, m_symbolize)};
        if (!instance) return instance.GetError();
        into = std::move(*instance);
        return base::Ok();
    }

    SpawnRule m_rule;
    std::vector<std::string> m_extra;
    std::string m_scratch;
    std::chrono::milliseconds m_connect_deadline;
    Janitor& m_janitor;
    std::span<uint8_t> m_counters; //!< empty if ShareCoverage was not called
    uint64_t m_next{0};            //!< number of the next work directory
    std::unique_ptr<TargetInstance> m_current;
    std::deque<std::unique_ptr<TargetInstance>> m_spares; //!< started in advance, the oldest first
    unsigned m_spare_count{1};
    uint64_t m_spare_memory_kib{0};           //!< memory of a process that has just been started
    std::chrono::nanoseconds m_start_work{0}; //!< processor time of a start
    bool m_symbolize{true};
    std::chrono::nanoseconds m_start_time{0};
};

class AttachedTarget final : public Target
{
public:
    AttachedTarget(std::string socket, std::chrono::milliseconds deadline)
        : m_socket{std::move(socket)}, m_deadline{deadline}
    {
    }

    base::Status Start() override
    {
        const auto fd{Connect()};
        if (!fd) return fd.GetError();
        close(*fd);
        return base::Ok();
    }
    base::Result<int> Connect() override { return stream::ConnectUnix(m_socket, m_deadline); }
    std::string SocketPath() const override { return m_socket; }
    base::Status Restart() override { return Start(); }
    bool CanRestart() const override { return false; }
    std::string CommandLine() const override { return "(attached to " + m_socket + ")"; }
    TargetProcess* GetProcess() override { return nullptr; }
    TargetCoverage* GetCoverage() override { return nullptr; }

private:
    std::string m_socket;
    std::chrono::milliseconds m_deadline;
};

} // namespace

std::unique_ptr<Target> MakeSpawnedTarget(const TargetFile& file, std::vector<std::string> extra, std::string scratch,
                                          Janitor& janitor)
{
    CHECK(file.spawn);
    return std::make_unique<SpawnedTarget>(file, std::move(extra), std::move(scratch), janitor);
}

std::unique_ptr<Target> MakeAttachedTarget(const TargetFile& file)
{
    return std::make_unique<AttachedTarget>(file.attach_socket, file.rules.bootstrap);
}

std::string CoverageProblemOf(Target& target)
{
    TargetCoverage* const coverage{target.GetCoverage()};
    return coverage ? coverage->CoverageProblem() : "mpfuzz did not start the target, so it cannot count its edges";
}

bool DiesWithin(const TargetProcess* process, std::chrono::milliseconds deadline)
{
    if (!process || process->DeathFd() < 0) return false;
    pollfd descriptor{process->DeathFd(), POLLIN, 0};
    return poll(&descriptor, 1, static_cast<int>(deadline.count())) == 1;
}

void RecordDeath(const TargetProcess& process, const Exit& exit, trace::Ending& ending)
{
    ending.alive = false;
    ending.signal = exit.signal;
    ending.status = exit.status;
    ending.log_tail = process.LogTail();
    // A program that calls abort() usually logs the reason first. After other signals only the stack shows it.
    const bool logged_reason{exit.signal == SIGABRT && process.LogSize() > 0};
    if (exit.signal && !logged_reason) ending.log_tail += process.CrashStack();
}

} // namespace mpfuzz::execute
