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

//! What to fuzz: a program that listens on a Unix socket. Times are on the monotonic clock.
class Target
{
public:
    virtual ~Target() = default;

    //! Make sure that it runs and accepts connections. An error is the user's: a program that is not there,
    //! that ends at once, or that does not listen in time.
    virtual base::Status Start() = 0;

    //! A connected socket, non-blocking and close-on-exec, owned by the caller; an error where nobody listens.
    virtual base::Result<int> Connect() = 0;

    //! Where it listens, for programs of others. Empty before the first Start.
    virtual std::string SocketPath() const = 0;

    //! A descriptor that is readable once the process has ended; -1 where we have no process.
    virtual int DeathFd() const = 0;
    //! How the process ended, where it has.
    virtual std::optional<Exit> Died() = 0;
    //! Send the process a signal. @return False where there is none of ours.
    virtual bool Signal(int signal) = 0;
    //! What the process takes of the system; nothing where there is none of ours, or it has ended.
    virtual std::optional<trace::Usage> GetUsage() const = 0;
    //! Tail of what the process wrote since its start, of each file as LogTailOf; empty where we cannot know.
    virtual std::string LogTail() const = 0;
    //! Bytes written so far to its log: a process that is busy reporting its death still writes.
    virtual uint64_t LogSize() const = 0;
    //! Stack of the thread that a signal ended, where the kernel left a core file and gdb is installed.
    virtual std::string CrashStack() const = 0;
    //! What each of its threads waits for, and their stacks where gdb is installed; of a live process of ours.
    virtual std::string Stacks() const = 0;

    //! From now on, let the edges that the process reaches appear in `counters`, and those of its successors after
    //! each Restart: agent::MAP_SIZE bytes, page-aligned, which must outlive this. Before the first Start. Does
    //! nothing where target.toml says that there is no coverage.
    virtual void ShareCoverage(std::span<uint8_t> counters) = 0;
    //! Forget what was counted so far.
    virtual void ClearCoverage() = 0;
    //! Bring the counters up to date. Call when the process is quiet.
    virtual void CollectCoverage() = 0;
    //! Pairs of numbers that the process compared lately, where it was built for that; they differ.
    virtual std::vector<agent::Operands> Comparisons() const = 0;
    virtual void ForgetComparisons() = 0;
    //! Why there is no coverage although it was asked for, and what to change; empty where all is well. Ask after the
    //! first program.
    virtual std::string CoverageProblem() const = 0;

    //! Replace the process by a fresh one from the pristine state. Does nothing for an attached target.
    virtual base::Status Restart() = 0;
    //! True where Restart gives a fresh state.
    virtual bool CanRestart() const = 0;
    //! What it was started as, for reports.
    virtual std::string CommandLine() const = 0;
};

//! A target that we start, in a work directory of its own below `scratch`.
//!
//! @param extra    Words appended to the command line.
//! @param scratch  An existing directory for work directories.
std::unique_ptr<Target> MakeSpawnedTarget(const TargetFile& file, std::vector<std::string> extra, std::string scratch,
                                          Janitor& janitor);

//! A server that already runs and listens on a socket: no reset, no last words.
std::unique_ptr<Target> MakeAttachedTarget(const TargetFile& file);

//! Connect to a Unix socket, waiting while its backlog is full, until the deadline.
base::Result<int> ConnectUnix(const std::string& path, std::chrono::milliseconds deadline);

} // namespace mpfuzz::execute
