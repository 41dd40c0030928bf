#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! How a worker process ended.
struct WorkerEnd {
    unsigned worker{0};
    int status{0}; //!< exit status; -1 where a signal ended it
    int signal{0};
};

//! Worker processes, forked from this one, and the lines that they write to us.
//!
//! A worker has a process group of its own, so that Ctrl-C on the terminal reaches us alone, ignores SIGINT, and dies
//! with us. Its standard output and error go to a file.
class WorkerPool
{
public:
    //! @param work  Runs in the child, with the pipe to write lines to. Must not return.
    //! @param logs  Existing directory for `worker-N.log`.
    WorkerPool(std::function<void(unsigned worker, int pipe)> work, std::string logs);
    //! Kills whoever still works.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    //! Start a worker. Its number may be that of one that has ended.
    void Start(unsigned worker);

    //! Wait for lines and ends, at most so long, and pass them on: lines whole and in order, before the end of
    //! their worker.
    void Wait(std::chrono::milliseconds at_most,
              const std::function<void(unsigned worker, std::string_view line)>& on_line,
              const std::function<void(const WorkerEnd&)>& on_end);

    bool Empty() const { return m_members.empty(); }

    //! Send a signal to all.
    void Signal(int number);

    //! Last lines of what a worker said on standard error.
    std::string LogTail(unsigned worker) const;

private:
    struct Member {
        unsigned worker;
        pid_t pid;
        int pipe;
        std::string pending;
    };

    std::string LogPath(unsigned worker) const;
    //! @return False at the end of the member's pipe.
    bool Read(Member& member, const std::function<void(unsigned, std::string_view)>& on_line);
    WorkerEnd Reap(const Member& member);

    std::function<void(unsigned, int)> m_work;
    std::string m_logs;
    std::vector<Member> m_members;
};

} // namespace mpfuzz::engine
