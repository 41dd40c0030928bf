#pragma once

#include <mpfuzz/agent/shared_map.h>
#include <mpfuzz/base/result.h>
#include <mpfuzz/execute/janitor.h>
#include <mpfuzz/execute/process.h>
#include <mpfuzz/execute/target_file.h>
#include <mpfuzz/trace/trace.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mpfuzz::execute {

//! The process of a target that mpfuzz started. Before the target's first Start there is no process, and every function
//! returns an empty result.
class TargetProcess
{
public:
    //! A descriptor that becomes readable when the process ends; -1 before the first Start.
    virtual int DeathFd() const = 0;
    //! How the process ended; nullopt while it runs.
    virtual std::optional<Exit> Died() = 0;
    //! Send a signal to the process. Returns false if that failed.
    virtual bool Signal(int signal) = 0;
    //! Threads, descriptors and memory that the process uses; nullopt if it has ended.
    virtual std::optional<trace::Usage> GetUsage() const = 0;
    //! See UsageRecord::sanitizer_kib. Cost: about a millisecond.
    virtual uint64_t SanitizerKib() const = 0;
    //! The end of the process's log and of its log files, each as LogTailOf returns it.
    virtual std::string LogTail() const = 0;
    //! Size of the process's log in bytes. If it still grows, a dying process may be writing a sanitizer report.
    virtual uint64_t LogSize() const = 0;
    //! Stack of the thread that received a fatal signal; empty if the kernel left no core file or gdb is missing.
    virtual std::string CrashStack() const = 0;
    //! What each thread of the live process waits for, and the threads' stacks if gdb is installed.
    virtual std::string Stacks() const = 0;

protected:
    ~TargetProcess() = default;
};

//! The edge coverage of a target that mpfuzz started.
class TargetCoverage
{
public:
    //! Make the edges that the process reaches appear in `counters`, also after each Restart. Call before the first
    //! Start. Does nothing if target.toml says that there is no coverage.
    //!
    //! @param counters  agent::MAP_SIZE bytes, page-aligned; must outlive the target.
    virtual void ShareCoverage(std::span<uint8_t> counters) = 0;
    //! Set all counts to zero.
    virtual void ClearCoverage() = 0;
    //! Bring the counters up to date. Call when the process is quiet.
    virtual void CollectCoverage() = 0;
    //! Recent pairs of unequal numbers that the process compared; empty if it was not built to report them.
    virtual std::vector<agent::Operands> Comparisons() const = 0;
    //! Forget the comparisons so far.
    virtual void ForgetComparisons() = 0;
    //! Why there is no coverage and what to change; empty if all is well. Only meaningful after the first program.
    virtual std::string CoverageProblem() const = 0;

protected:
    ~TargetCoverage() = default;
};

//! The program under test: a server that listens on a Unix socket. Times are on the monotonic clock.
class Target
{
public:
    virtual ~Target() = default;

    //! Make sure that the server runs and accepts connections. An error is one that the user has to correct: the
    //! program is missing, ends at once, or does not listen in time.
    virtual base::Status Start() = 0;

    //! Open a connection. Returns a socket, non-blocking and close-on-exec, that the caller owns; an error if no
    //! process listens.
    virtual base::Result<int> Connect() = 0;

    //! Path of the server's socket, for programs that connect by themselves. Empty before the first Start.
    virtual std::string SocketPath() const = 0;

    //! Replace the process by a new one with a new work directory. If mpfuzz did not start the target, only check that
    //! the server accepts connections, as Start does.
    virtual base::Status Restart() = 0;
    //! True if Restart starts a new process.
    virtual bool CanRestart() const = 0;

    // The functions from here to LimitLogs do nothing for a target that mpfuzz did not start.

    //! Set how many processes are started in advance, so that a restart is fast: at first 1. Surplus ones end now; the
    //! next Restart starts those that are missing.
    //! @return The number that was set. It is smaller than `count` if starts need much processor time or memory.
    virtual unsigned SetSpares(unsigned count) { return count; }
    //! If false, processes that start from now on run with `symbolize=0` in the options of all sanitizers: their
    //! reports have addresses instead of function names, and a crash takes less time. A change ends the processes that
    //! were started in advance, so that the next Restart has an effect.
    virtual void SetSymbolize(bool) {}
    //! The shortest time that a process took from its start until it accepted connections. Zero before the first Start.
    virtual std::chrono::nanoseconds StartTime() const { return {}; }
    //! Free the middle of each log and log file that is longer than MAX_LOG_BYTES, so that a process that writes
    //! without end does not fill the disk. To be called several times a second. Cost: a system call for each file.
    virtual void LimitLogs() {}

    //! The command line, for reports.
    virtual std::string CommandLine() const = 0;

    //! The target's process; nullptr if mpfuzz did not start it.
    virtual TargetProcess* GetProcess() = 0;
    //! The target's coverage; nullptr if mpfuzz did not start it.
    virtual TargetCoverage* GetCoverage() = 0;
};

//! A target that mpfuzz starts, each time in a new work directory below `scratch`.
//!
//! @param extra    Words that are appended to the command line.
//! @param scratch  An existing directory for work directories.
std::unique_ptr<Target> MakeSpawnedTarget(const TargetFile& file, std::vector<std::string> extra, std::string scratch,
                                          Janitor& janitor);

//! A server that already runs and listens on a socket. mpfuzz cannot restart it, see its process, or count its edges.
std::unique_ptr<Target> MakeAttachedTarget(const TargetFile& file);

//! Why the target gives no coverage, see TargetCoverage::CoverageProblem. An attached target never gives any.
std::string CoverageProblemOf(Target& target);

//! A sanitizer may need seconds to symbolise a stack.
inline constexpr std::chrono::milliseconds REPORT_TIME{15'000};
//! A dying process closes its connections before it ends. After a connection has broken, wait this long for the end.
inline constexpr std::chrono::milliseconds DYING_TIME{1'000};

//! Wait for the process to end. Returns false if it still runs at the deadline, or if `process` is nullptr.
bool DiesWithin(const TargetProcess* process, std::chrono::milliseconds deadline);

//! Write into `ending` how the process ended, and its log tail. If the log does not show the cause, adds the stack of
//! the crash.
void RecordDeath(const TargetProcess& process, const Exit& exit, trace::Ending& ending);

} // namespace mpfuzz::execute
