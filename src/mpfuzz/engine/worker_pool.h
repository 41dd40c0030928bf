#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! Counters of a campaign in memory that all its workers share.
class SharedState
{
public:
    //! All counters are zero. CHECK fails if there is no memory.
    SharedState();
    ~SharedState();
    SharedState(const SharedState&) = delete;
    SharedState& operator=(const SharedState&) = delete;

    //! Count a program that is about to run. @return The number of programs before it.
    uint64_t ClaimProgram() { return m_state->programs.fetch_add(1); }
    uint64_t Programs() const { return m_state->programs.load(); }

    //! Returns true to the first worker that calls this with the digest of a finding. That worker has to investigate
    //! it. Returns false to all other workers, and to all workers if the table of findings is full.
    bool ClaimFinding(uint64_t digest);

    //! Count a finding that could be reproduced.
    void CountFinding() { m_state->findings.fetch_add(1); }
    uint64_t Findings() const { return m_state->findings.load(); }

private:
    struct State {
        std::atomic<uint64_t> programs;
        std::atomic<uint64_t> findings;
        std::array<std::atomic<uint64_t>, 4'096> claimed; //!< digests; 0: free
    };
    State* m_state;
};

//! How a worker process ended.
struct WorkerEnd {
    unsigned worker{0};
    int status{0}; //!< exit status; -1 if a signal ended it
    int signal{0};
};

//! Worker processes, forked from this process, and the lines of text that they send to it.
//!
//! A worker has its own process group and ignores SIGINT, so that Ctrl-C on the terminal reaches only this process. A
//! worker is killed when this process ends. Its standard output and standard error go to a file.
class WorkerPool
{
public:
    //! @param work  Runs in the worker process, and writes its lines to the pipe. Must not return.
    //! @param logs  Existing directory for `worker-N.log`.
    WorkerPool(std::function<void(unsigned worker, int pipe)> work, std::string logs);
    //! Kills all workers that are still running.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    //! Start a worker. The number of a worker that has ended may be used again.
    void Start(unsigned worker);

    //! Wait at most the given time until workers have sent lines or have ended, and call the functions: for each
    //! complete line in order, and after the last line for the end of the worker.
    void Wait(std::chrono::milliseconds at_most,
              const std::function<void(unsigned worker, std::string_view line)>& on_line,
              const std::function<void(const WorkerEnd&)>& on_end);

    bool Empty() const { return m_members.empty(); }

    //! Send a signal to all workers.
    void Signal(int number);

    //! The end of what a worker wrote to standard output and standard error.
    std::string LogTail(unsigned worker) const;

private:
    struct Member {
        unsigned worker;
        pid_t pid;
        int pipe;
        std::string pending;
    };

    std::string LogPath(unsigned worker) const;
    //! @return False at the end of the pipe.
    bool Read(Member& member, const std::function<void(unsigned, std::string_view)>& on_line);
    WorkerEnd Reap(const Member& member);

    std::function<void(unsigned, int)> m_work;
    std::string m_logs;
    std::vector<Member> m_members;
};

} // namespace mpfuzz::engine
