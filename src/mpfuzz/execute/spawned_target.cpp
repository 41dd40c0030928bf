#include <mpfuzz/execute/target.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/execute/gdb.h>
#include <mpfuzz/execute/log_tail.h>
#include <mpfuzz/execute/usage.h>

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

//! One run of the target's program with its directory, from start to clean-up.
class Instance
{
public:
    static base::Result<std::unique_ptr<Instance>> Start(const SpawnRule& rule, const std::vector<std::string>& extra,
                                                         const std::string& directory, Janitor& janitor,
                                                         CoverageKind coverage)
    {
        std::unique_ptr<Instance> instance{new Instance{rule, directory, janitor}};
        std::error_code error;
        fs::create_directories(directory, error);
        if (!error && !rule.template_dir.empty())
            fs::copy(rule.template_dir, directory, fs::copy_options::recursive, error);
        if (error) return base::Error{directory + ": cannot be prepared: " + error.message()};

        std::vector<std::string> command;
        for (const std::string& word : rule.command) command.push_back(instance->Expand(word));
        command.insert(command.end(), extra.begin(), extra.end());
        std::map<std::string, std::string> environment;
        for (const auto& [name, value] : rule.environment) environment[name] = instance->Expand(value);
        if (coverage != CoverageKind::NONE) {
            auto created{Coverage::Create(coverage)};
            if (!created) return created.GetError();
            instance->m_coverage.emplace(std::move(*created));
            environment.merge(instance->m_coverage->Environment());
        }
        const int inherited{instance->m_coverage ? instance->m_coverage->Fd() : -1};
        auto process{Process::Spawn(command, environment, directory, instance->LogPath(), inherited)};
        if (!process) return process.GetError();
        janitor.AddGroup(process->Pid());
        instance->m_process.emplace(std::move(*process));
        return instance;
    }

    ~Instance()
    {
        if (m_process) {
            m_process->Kill();
            m_janitor.RemoveGroup(m_process->Pid());
        }
        std::error_code ignored;
        fs::remove_all(m_directory, ignored);
        m_janitor.RemoveDirectory(m_directory);
    }

    //! Wait until it accepts connections.
    base::Status WaitReady()
    {
        const auto end{Clock::now() + m_rule.ready};
        // Starts at a millisecond, since small servers are up in a few; at most 50 ms, since big ones take seconds.
        for (std::chrono::milliseconds pause{1};; pause = std::min(pause * 2, std::chrono::milliseconds{50})) {
            if (auto fd{ConnectUnix(m_socket, std::chrono::milliseconds{0})}) {
                close(*fd);
                return base::Ok();
            }
            if (const auto exit{m_process->Poll()}) {
                return base::Error{"the target ended before it listened on " + m_socket + " (" +
                                   (exit->signal ? "signal " + std::to_string(*exit->signal)
                                                 : "exit status " + std::to_string(exit->status.value_or(0))) +
                                   "); its last words:\n" + LogTail()};
            }
            if (Clock::now() > end) {
                return base::Error{"the target does not listen on " + m_socket + " after " +
                                   std::to_string(m_rule.ready.count()) +
                                   " ms (raise `ready_ms` in [spawn], or see its log):\n" + LogTail()};
            }
            std::this_thread::sleep_for(pause);
        }
    }

    std::string LogTail() const
    {
        std::string words{LogTailOf(LogPath())};
        for (const std::string& file : m_rule.log_files) words += LogTailOf(Expand(file));
        return words;
    }

    uint64_t LogSize() const
    {
        std::error_code error;
        const auto size{fs::file_size(LogPath(), error)};
        return error ? 0 : size;
    }

    std::string CrashStack() const { return StackOfCore(Expand(m_rule.command[0]), m_directory); }
    std::string Stacks() { return WaitsOf(m_process->Pid()) + StacksOfProcess(m_process->Pid(), m_directory); }

    const std::string& Socket() const { return m_socket; }
    Process& GetProcess() { return *m_process; }
    //! Null where it does not count.
    Coverage* GetCoverage() { return m_coverage ? &*m_coverage : nullptr; }

private:
    Instance(const SpawnRule& rule, const std::string& directory, Janitor& janitor)
        : m_rule{rule}, m_directory{directory}, m_janitor{janitor}
    {
        m_socket = Expand(rule.socket);
        m_janitor.AddDirectory(m_directory);
    }

    std::string Expand(std::string text) const
    {
        base::ReplaceAll(text, "{socket}", m_socket);
        base::ReplaceAll(text, "{work}", m_directory);
        return text;
    }
    std::string LogPath() const { return m_directory + "/mpfuzz-target.log"; }

    const SpawnRule& m_rule;
    std::string m_directory;
    std::string m_socket;
    Janitor& m_janitor;
    std::optional<Process> m_process;
    std::optional<Coverage> m_coverage;
};

class SpawnedTarget final : public Target
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
        if (m_spare) {
            m_current = std::move(m_spare);
        } else if (auto status{Launch(m_current)}; !status) {
            return status;
        }
        if (auto ready{m_current->WaitReady()}; !ready) {
            m_current.reset();
            return ready;
        }
        if (Coverage * coverage{GetCoverage()}) coverage->LayOver(m_counters);
        // The warm spare: it starts up while the current one works. Where it cannot be had, the next
        // restart finds out and says why.
        (void)Launch(m_spare);
        return base::Ok();
    }

    base::Result<int> Connect() override
    {
        CHECK(m_current);
        return ConnectUnix(m_current->Socket(), m_connect_deadline);
    }
    std::string SocketPath() const override { return m_current ? m_current->Socket() : std::string{}; }
    int DeathFd() const override { return m_current ? m_current->GetProcess().PidFd() : -1; }
    std::optional<Exit> Died() override { return m_current ? m_current->GetProcess().Poll() : std::nullopt; }
    bool Signal(int signal) override { return m_current && kill(m_current->GetProcess().Pid(), signal) == 0; }
    std::optional<trace::Usage> GetUsage() const override
    {
        return m_current ? UsageOf(m_current->GetProcess().Pid()) : std::nullopt;
    }
    std::string LogTail() const override { return m_current ? m_current->LogTail() : std::string{}; }
    uint64_t LogSize() const override { return m_current ? m_current->LogSize() : 0; }
    bool CanRestart() const override { return true; }

    void ShareCoverage(std::span<uint8_t> counters) override
    {
        CHECK(!m_current);
        m_counters = counters;
    }
    void ClearCoverage() override
    {
        if (Coverage * coverage{GetCoverage()}) coverage->Clear();
    }
    void CollectCoverage() override
    {
        if (Coverage * coverage{GetCoverage()}) coverage->Collect();
    }
    std::vector<agent::Operands> Comparisons() const override
    {
        const Coverage* coverage{GetCoverage()};
        return coverage ? coverage->Comparisons() : std::vector<agent::Operands>{};
    }
    void ForgetComparisons() override
    {
        if (Coverage * coverage{GetCoverage()}) coverage->ForgetComparisons();
    }
    std::string CoverageProblem() const override
    {
        if (m_rule.coverage == CoverageKind::NONE) return "target.toml says that there is none";
        const Coverage* coverage{GetCoverage()};
        return coverage ? coverage->Problem() : std::string{};
    }

    std::string CrashStack() const override { return m_current ? m_current->CrashStack() : std::string{}; }
    std::string Stacks() const override { return m_current ? m_current->Stacks() : std::string{}; }

    std::string CommandLine() const override
    {
        std::string line;
        for (const auto* words : {&m_rule.command, &m_extra}) {
            for (const std::string& word : *words) line += (line.empty() ? "" : " ") + word;
        }
        return line;
    }

private:
    Coverage* GetCoverage() const { return m_current ? m_current->GetCoverage() : nullptr; }

    base::Status Launch(std::unique_ptr<Instance>& into)
    {
        const CoverageKind coverage{m_counters.empty() ? CoverageKind::NONE : m_rule.coverage};
        auto instance{
            Instance::Start(m_rule, m_extra, m_scratch + "/" + std::to_string(m_next++), m_janitor, coverage)};
        if (!instance) return instance.GetError();
        into = std::move(*instance);
        return base::Ok();
    }

    SpawnRule m_rule;
    std::vector<std::string> m_extra;
    std::string m_scratch;
    std::chrono::milliseconds m_connect_deadline;
    Janitor& m_janitor;
    std::span<uint8_t> m_counters; //!< empty where nobody wants to see them
    uint64_t m_next{0};
    std::unique_ptr<Instance> m_current;
    std::unique_ptr<Instance> m_spare;
};

} // namespace

std::unique_ptr<Target> MakeSpawnedTarget(const TargetFile& file, std::vector<std::string> extra, std::string scratch,
                                          Janitor& janitor)
{
    CHECK(file.spawn);
    return std::make_unique<SpawnedTarget>(file, std::move(extra), std::move(scratch), janitor);
}

} // namespace mpfuzz::execute
