#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mpfuzz::engine {

//! How a worker process ended.
struct WorkerEnd {
    unsigned worker{0};
    int status{0}; //!< exit status; -1 if a signal ended it
    int signal{0};
};

//! Worker processes, forked from this process, and the messages that they send to it. A message is a text that ends
//! with a NUL byte.
//!
//! A worker has its own process group and ignores SIGINT, so that Ctrl-C on the terminal reaches only this process. A
//! worker is killed when this process ends. Its standard output and standard error go to a file.
class WorkerPool
{
public:
    //! @param work  Runs in the worker process, and writes its messages to the pipe. Must not return.
    //! @param logs  Existing directory for `worker-N.log`.
    WorkerPool(std::function<void(unsigned worker, int pipe)> work, std::string logs);
    //! Kills all workers that are still running.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    //! Start a worker. The number of a worker that has ended may be used again.
    void Start(unsigned worker);

    //! Wait at most the given time until workers have sent messages or have ended, and call the functions: for each
    //! complete message in order, and after the last one for the end of the worker.
    void Wait(std::chrono::milliseconds at_most,
              const std::function<void(unsigned worker, std::string_view message)>& on_message,
              const std::function<void(const WorkerEnd&)>& on_end);

    bool Empty() const { return m_members.empty(); }
    bool Contains(unsigned worker) const;
    //! Number of running workers with a number from `first` on.
    size_t CountFrom(unsigned first) const;

    //! Send a signal to a worker, or to all.
    void Signal(unsigned worker, int number);
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
    bool Read(Member& member, const std::function<void(unsigned, std::string_view)>& on_message);
    WorkerEnd Reap(const Member& member);

    std::function<void(unsigned, int)> m_work;
    std::string m_logs;
    std::vector<Member> m_members;
};

} // namespace mpfuzz::engine
