#include <mpfuzz/engine/driver.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/execute/process_report.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/observe/normalize.h>
#include <mpfuzz/observe/title.h>

#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace mpfuzz::engine {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

// How often to check whether the user wants to stop.
constexpr Milliseconds STOP_CHECK_INTERVAL{100};

//! The title that the driver reports on a line with DRIVER_TITLE_PREFIX; empty if there is no such line.
std::string ReportedTitle(std::string_view log)
{
    for (size_t begin{0}; begin < log.size();) {
        const size_t end{std::min(log.find('\n', begin), log.size())};
        const std::string_view line{log.substr(begin, end - begin)};
        if (line.starts_with(DRIVER_TITLE_PREFIX)) {
            return observe::OneLine(observe::NormalizeWords(line.substr(DRIVER_TITLE_PREFIX.size())),
                                    observe::MAX_TITLE);
        }
        begin = end + 1;
    }
    return "";
}

} // namespace

bool NeedsTarget(const Driver& driver)
{
    return std::ranges::any_of(driver.command,
                               [](const std::string& word) { return word.find("{socket}") != std::string::npos; });
}

DriverRunner::DriverRunner(Driver driver, const TargetSpec& spec, std::function<bool()> stop)
    : m_driver{std::move(driver)}, m_live{spec}, m_stop{std::move(stop)}, m_needs_target{NeedsTarget(m_driver)}
{
}

base::Result<DriverRunner::Ending> DriverRunner::Run(uint64_t seed)
{
    ++m_starts;
    if (m_needs_target) {
        // A new process, so that the seed alone reproduces a finding.
        if (auto started{m_live.GetTarget().Restart()}; !started) return started.GetError();
    }
    const std::string directory{m_live.ScratchPath() + "/" + m_driver.name};
    std::error_code error;
    fs::remove_all(directory, error);
    fs::create_directories(directory, error);
    if (error) return base::Error{directory + ": cannot be created: " + error.message()};
    const std::string log{directory + "/driver.log"};
    auto process{execute::Process::Spawn(Command(seed), {}, directory, log)};
    if (!process) return process.GetError();
    const auto exit{Await(*process)};
    process->Kill();
    return Judge(exit, execute::LogTailOf(log));
}

std::vector<std::string> DriverRunner::Command(uint64_t seed)
{
    std::vector<std::string> command{m_driver.command};
    for (std::string& word : command) {
        base::ReplaceAll(word, "{seed}", std::to_string(seed));
        if (m_needs_target) base::ReplaceAll(word, "{socket}", m_live.GetTarget().SocketPath());
    }
    return command;
}

//! Returns nullopt if the process does not end in time.
std::optional<execute::Exit> DriverRunner::Await(execute::Process& process)
{
    const auto until{Clock::now() + m_driver.limit};
    pollfd ended{process.PidFd(), POLLIN, 0};
    while (!m_stop() && Clock::now() < until && poll(&ended, 1, static_cast<int>(STOP_CHECK_INTERVAL.count())) < 1) {
        m_live.GetTarget().LimitLogs();
    }
    return process.Poll();
}

DriverRunner::Ending DriverRunner::Judge(const std::optional<execute::Exit>& exit, std::string log)
{
    using observe::FindingKind;
    if (m_needs_target && (!exit || exit->status != 0)) {
        if (const auto death{AwaitDeath()}) {
            trace::Ending ending;
            execute::RecordDeath(*m_live.GetTarget().GetProcess(), *death, ending);
            return {observe::Identity{FindingKind::CRASH, observe::CrashTitle(ending)},
                    ending.log_tail + "\nOutput of the driver:\n" + log};
        }
    }
    if (!exit) return {observe::Identity{FindingKind::NO_REPLY, "the driver " + m_driver.name + " does not end"}, log};
    if (exit->status == 0) return {};
    if (std::string reported{ReportedTitle(log)}; !reported.empty())
        return {observe::Identity{FindingKind::DRIVER, std::move(reported)}, std::move(log)};
    std::string title{
        observe::CrashTitle({.alive = false, .signal = exit->signal, .status = exit->status, .log_tail = log})};
    return {observe::Identity{FindingKind::CRASH, std::move(title)}, std::move(log)};
}

//! How the target died, if it did. Called after a failed run: the driver may have failed because the target is dying.
std::optional<execute::Exit> DriverRunner::AwaitDeath()
{
    execute::TargetProcess* const process{m_live.GetTarget().GetProcess()};
    if (!process) return std::nullopt;
    const uint64_t size{process->LogSize()};
    execute::DiesWithin(process, execute::DYING_TIME);
    if (process->LogSize() != size) execute::DiesWithin(process, execute::REPORT_TIME);
    return process->Died();
}

TriageRunner::Findings DriverRunner::RunFresh(const triage::StoredFinding& finding, const program::Program&)
{
    auto ending{Run(finding.record.seed)};
    if (!ending) return ending.GetError();
    std::vector<observe::Finding> findings;
    if (ending->identity) {
        findings.push_back({.identity = *ending->identity});
        findings.back().trace.ending.log_tail = ending->log;
    }
    return findings;
}

void FuzzDriver(WorkerContext& context, DriverRunner& runner)
{
    Statistics statistics;
    context.SetCounts([&] { context.Publish(statistics, {}); });
    for (uint64_t seed{context.Seed()};; seed += context.Options().jobs) {
        context.BeginProgram();
        const auto ending{runner.Run(seed)};
        if (!ending) context.Fail(ending.GetError());
        if (context.IsOver()) context.Exit(WORKER_DONE);
        ++statistics.programs;
        if (!ending->identity) continue;
        const auto recorded{context.Recorder().RecordDriver(*ending->identity, {runner.Name(), seed, ending->log})};
        if (!recorded) context.Fail(recorded.GetError());
    }
}

} // namespace mpfuzz::engine
