#pragma once

#include <mpfuzz/execute/coverage.h>
#include <mpfuzz/execute/janitor.h>
#include <mpfuzz/execute/process.h>
#include <mpfuzz/execute/target_file.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mpfuzz::execute {

//! One process of a spawned target with its work directory. The destructor kills the process group and removes the
//! directory.
class TargetInstance
{
public:
    //! Prepare the work directory and start the process. Call WaitReady before connecting.
    //!
    //! @param rule       Borrowed.
    //! @param directory  The work directory, which this creates.
    //! @param symbolize  False: sanitizers write no function names, see Target::SetSymbolize.
    static base::Result<std::unique_ptr<TargetInstance>> Start(const SpawnRule& rule,
                                                               const std::vector<std::string>& extra,
                                                               const std::string& directory, Janitor& janitor,
                                                               CoverageKind coverage, bool symbolize);
    ~TargetInstance();

    //! Wait until the process accepts connections. Returns an error if it ends first, or does not listen in time.
    base::Status WaitReady();
    //! Time from the start of the process until WaitReady noticed that it accepts connections.
    std::chrono::nanoseconds StartTime() const { return m_start_time; }

    std::string LogTail() const;
    //! In bytes.
    uint64_t LogSize() const;
    //! See Target::LimitLogs.
    void LimitLogs() const;
    std::string CrashStack() const;
    std::string Stacks() const;

    const std::string& Socket() const { return m_socket; }
    Process& GetProcess() { return *m_process; }
    //! nullptr if this instance counts no edges.
    Coverage* GetCoverage() { return m_coverage ? &*m_coverage : nullptr; }

private:
    TargetInstance(const SpawnRule& rule, const std::string& directory, Janitor& janitor);

    std::string Expand(std::string text) const;
    std::string LogPath() const { return m_directory + "/mpfuzz-target.log"; }

    const SpawnRule& m_rule;
    std::string m_directory;
    std::string m_socket;
    Janitor& m_janitor;
    std::optional<Process> m_process;
    std::optional<Coverage> m_coverage;
    std::chrono::steady_clock::time_point m_started{std::chrono::steady_clock::now()};
    std::chrono::nanoseconds m_start_time{0};
};

} // namespace mpfuzz::execute
