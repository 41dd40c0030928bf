#include <mpfuzz/execute/target_instance.h>

#include <mpfuzz/base/text.h>
#include <mpfuzz/execute/process_report.h>
#include <mpfuzz/stream/unix_socket.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

namespace mpfuzz::execute {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

// Small servers listen within a few milliseconds, large ones need seconds. So the pause between two attempts doubles
// each time, from the first of these values to the second.
constexpr milliseconds FIRST_PAUSE{1};
constexpr milliseconds LONGEST_PAUSE{50};

std::string Describe(const Exit& exit)
{
    return exit.signal ? "signal " + std::to_string(*exit.signal)
                       : "exit status " + std::to_string(exit.status.value_or(0));
}

//! Appends to the options that `environment`, or otherwise our own environment, sets.
void SwitchOffSymbolizing(std::map<std::string, std::string>& environment)
{
    for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "MSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        const char* const ours{std::getenv(name)};
        std::string& options{environment.try_emplace(name, ours ? ours : "").first->second};
        options += options.empty() ? "symbolize=0" : ":symbolize=0";
    }
}

} // namespace

TargetInstance::TargetInstance(const SpawnRule& rule, const std::string& directory, Janitor& janitor)
    : m_rule{rule}, m_directory{directory}, m_janitor{janitor}
{
    m_socket = Expand(rule.socket);
    m_janitor.AddDirectory(m_directory);
}

base::Result<std::unique_ptr<TargetInstance>> TargetInstance::Start(const SpawnRule& rule,
                                                                    const std::vector<std::string>& extra,
                                                                    const std::string& directory, Janitor& janitor,
                                                                    CoverageKind coverage, bool symbolize)
{
    std::unique_ptr<TargetInstance> instance{new TargetInstance{rule, directory, janitor}};
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
    if (!symbolize) SwitchOffSymbolizing(environment);
    const int inherited{instance->m_coverage ? instance->m_coverage->Fd() : -1};
    auto process{Process::Spawn(command, environment, directory, instance->LogPath(), inherited)};
    if (!process) return process.GetError();
    janitor.AddGroup(process->Pid());
    instance->m_process.emplace(std::move(*process));
    return instance;
}

TargetInstance::~TargetInstance()
{
    if (m_process) {
        m_process->Kill();
        m_janitor.RemoveGroup(m_process->Pid());
    }
    std::error_code ignored;
    fs::remove_all(m_directory, ignored);
    m_janitor.RemoveDirectory(m_directory);
}

base::Status TargetInstance::WaitReady()
{
    const auto end{Clock::now() + m_rule.ready};
    for (milliseconds pause{FIRST_PAUSE};; pause = std::min(pause * 2, LONGEST_PAUSE)) {
        if (const auto fd{stream::ConnectUnix(m_socket, milliseconds{0})}) {
            close(*fd);
            m_start_time = Clock::now() - m_started;
            return base::Ok();
        }
        if (const auto exit{m_process->Poll()}) {
            return base::Error{"the target ended before it listened on " + m_socket + " (" + Describe(*exit) +
                               "); the end of its log:\n" + LogTail()};
        }
        if (Clock::now() > end) {
            return base::Error{"the target does not listen on " + m_socket + " after " +
                               std::to_string(m_rule.ready.count()) +
                               " ms (raise `ready_ms` in [spawn], or see its log):\n" + LogTail()};
        }
        std::this_thread::sleep_for(pause);
    }
}

std::string TargetInstance::LogTail() const
{
    std::string tail{LogTailOf(LogPath())};
    for (const std::string& file : m_rule.log_files) tail += LogTailOf(Expand(file));
    return tail;
}

uint64_t TargetInstance::LogSize() const
{
    std::error_code error;
    const auto size{fs::file_size(LogPath(), error)};
    return error ? 0 : size;
}

void TargetInstance::LimitLogs() const
{
    LimitLog(LogPath());
    for (const std::string& file : m_rule.log_files) LimitLog(Expand(file));
}

std::string TargetInstance::CrashStack() const { return StackOfCore(Expand(m_rule.command[0]), m_directory); }

std::string TargetInstance::Stacks() const
{
    return WaitsOf(m_process->Pid()) + StacksOfProcess(m_process->Pid(), m_directory);
}

std::string TargetInstance::Expand(std::string text) const
{
    base::ReplaceAll(text, "{socket}", m_socket);
    base::ReplaceAll(text, "{work}", m_directory);
    return text;
}

} // namespace mpfuzz::execute
