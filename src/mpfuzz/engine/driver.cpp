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

//! How a run ended. Without an identity the run showed no finding.
struct Ending {
    std::optional<triage::Identity> identity{};
    std::string log{};
};

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

class DriverCampaign
{
public:
    DriverCampaign(const Driver& driver, execute::Target& target, const DriverOptions& options,
                   const DriverObserver& observer)
        : m_driver{driver}, m_target{target}, m_options{options}, m_observer{observer}
    {
    }

    base::Result<DriverResult> Run()
    {
        for (uint64_t seed{m_options.seed}; !IsOver(); ++seed) {
            const auto ending{RunOnce(seed)};
            if (!ending) return ending.GetError();
            if (IsStopped()) break;
            ++m_result.runs;
            if (ending->identity) {
                if (auto kept{Keep(seed, *ending)}; !kept) return kept.GetError();
            }
            m_result.elapsed = Elapsed();
            if (m_observer.on_run) m_observer.on_run(m_result.runs, m_result.elapsed);
        }
        m_result.elapsed = Elapsed();
        return std::move(m_result);
    }

private:
    Milliseconds Elapsed() const { return std::chrono::duration_cast<Milliseconds>(Clock::now() - m_begin); }
    bool IsStopped() const { return m_options.keeping.stop && *m_options.keeping.stop; }

    bool IsOver() const
    {
        if (IsStopped()) return true;
        if (m_options.runs && m_result.runs >= *m_options.runs) return true;
        if (m_options.time && Elapsed() >= *m_options.time) return true;
        const auto found{
            std::ranges::count_if(m_result.findings, [](const FindingReport& s) { return s.verdict.hits > 0; })};
        return m_options.max_findings && static_cast<uint64_t>(found) >= *m_options.max_findings;
    }

    std::vector<std::string> Command(uint64_t seed) const
    {
        std::vector<std::string> command{m_driver.command};
        for (std::string& word : command) {
            base::ReplaceAll(word, "{seed}", std::to_string(seed));
            if (m_needs_target) base::ReplaceAll(word, "{socket}", m_target.SocketPath());
        }
        return command;
    }

    base::Result<Ending> RunOnce(uint64_t seed)
    {
        if (m_needs_target) {
            // A new process, so that the seed alone reproduces a finding.
            if (auto started{m_target.Restart()}; !started) return started.GetError();
        }
        const std::string directory{m_options.scratch + "/" + m_driver.name};
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

    //! Returns nullopt if the process does not end in time.
    std::optional<execute::Exit> Await(execute::Process& process) const
    {
        const auto until{Clock::now() + m_driver.limit};
        pollfd ended{process.PidFd(), POLLIN, 0};
        while (!IsStopped() && Clock::now() < until &&
               poll(&ended, 1, static_cast<int>(STOP_CHECK_INTERVAL.count())) < 1) {
        }
        return process.Poll();
    }

    Ending Judge(const std::optional<execute::Exit>& exit, std::string log)
    {
        if (m_needs_target && (!exit || exit->status != 0)) {
            if (const auto death{AwaitDeath()}) {
                trace::Ending ending;
                execute::RecordDeath(*m_target.GetProcess(), *death, ending);
                return {triage::Identity{"crash", observe::CrashTitle(ending)},
                        ending.log_tail + "\nOutput of the driver:\n" + log};
            }
        }
        if (!exit) return {triage::Identity{"no-reply", "the driver " + m_driver.name + " does not end"}, log};
        if (exit->status == 0) return {};
        if (std::string reported{ReportedTitle(log)}; !reported.empty()) {
            return {triage::Identity{std::string{DRIVER}, std::move(reported)}, std::move(log)};
        }
        std::string title{
            observe::CrashTitle({.alive = false, .signal = exit->signal, .status = exit->status, .log_tail = log})};
        return {triage::Identity{"crash", std::move(title)}, std::move(log)};
    }

    //! How the target died, if it did. Called after a failed run: the driver may have failed because the target is
    //! dying.
    std::optional<execute::Exit> AwaitDeath()
    {
        execute::TargetProcess* const process{m_target.GetProcess()};
        if (!process) return std::nullopt;
        const uint64_t size{process->LogSize()};
        execute::DiesWithin(process, execute::DYING_TIME);
        if (process->LogSize() != size) execute::DiesWithin(process, execute::REPORT_TIME);
        return process->Died();
    }

    base::Status Keep(uint64_t seed, const Ending& ending)
    {
        const auto known{std::ranges::find(m_result.findings, *ending.identity, &FindingReport::identity)};
        triage::Record record{m_options.keeping.blueprint};
        record.identity = *ending.identity;
        record.driver = m_driver.name;
        record.seed = seed;
        record.target_log = ending.log;
        record.time = triage::Timestamp();
        if (known == m_result.findings.end()) {
            const auto verdict{Replay(seed, *ending.identity)};
            if (!verdict) return verdict.GetError();
            record.verdict = *verdict;
        }
        const auto saved{triage::Save(m_options.keeping.findings, record)};
        if (!saved) return saved.GetError();
        const FindingReport finding{.identity = *ending.identity,
                                    .directory = saved->directory,
                                    .occurrences = saved->occurrences,
                                    .verdict = known == m_result.findings.end() ? record.verdict : known->verdict};
        if (known == m_result.findings.end()) {
            m_result.findings.push_back(finding);
        } else {
            *known = finding;
        }
        if (m_observer.on_finding) m_observer.on_finding(finding);
        return base::Ok();
    }

    base::Result<triage::Verdict> Replay(uint64_t seed, const triage::Identity& identity)
    {
        triage::Verdict verdict;
        while (verdict.tries < m_options.keeping.replays && !IsStopped()) {
            const auto ending{RunOnce(seed)};
            if (!ending) return ending.GetError();
            ++verdict.tries;
            verdict.hits += ending->identity == identity;
        }
        return verdict;
    }

    const Driver& m_driver;
    execute::Target& m_target;
    const DriverOptions& m_options;
    const DriverObserver& m_observer;
    const Clock::time_point m_begin{Clock::now()};
    const bool m_needs_target{NeedsTarget(m_driver)};
    DriverResult m_result;
};

} // namespace

bool NeedsTarget(const Driver& driver)
{
    return std::ranges::any_of(driver.command,
                               [](const std::string& word) { return word.find("{socket}") != std::string::npos; });
}

base::Result<DriverResult> RunDriver(const Driver& driver, execute::Target& target, const DriverOptions& options,
                                     const DriverObserver& observer)
{
    return DriverCampaign{driver, target, options, observer}.Run();
}

} // namespace mpfuzz::engine
