#pragma once

#include <mpfuzz/execute/executor.h>
#include <mpfuzz/execute/janitor.h>
#include <mpfuzz/execute/target.h>
#include <mpfuzz/execute/target_file.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mpfuzz::engine {

//! What a target is made from. Borrows file and schema.
struct TargetSpec {
    const execute::TargetFile& file;
    const schema::Schema& schema;
    std::vector<std::string> extra{}; //!< words that are appended to the target's command line
};

//! The directory for temporary files: `$TMPDIR`, or /tmp. An error if nothing can be created in it.
base::Result<std::string> TemporaryDirectory();

//! A new directory for temporary files. The destructor removes it, and so does the janitor if this process is killed.
class Scratch
{
public:
    //! CHECK fails if TemporaryDirectory() returns an error.
    explicit Scratch(execute::Janitor& janitor);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& Path() const { return m_path; }

private:
    execute::Janitor& m_janitor;
    std::string m_path;
};

//! The target of a spec: mpfuzz starts it, or it runs already.
//!
//! @param scratch  An existing directory for its work directories.
std::unique_ptr<execute::Target> MakeTarget(const TargetSpec& spec, const std::string& scratch,
                                            execute::Janitor& janitor);

//! A target with the executor that runs programs on it. The target is not started yet. The destructor stops it and
//! removes its files.
//!
//! The constructor forks, so create it while the process has only one thread. A thread can have only one at a time.
class LiveTarget
{
public:
    explicit LiveTarget(const TargetSpec& spec);

    execute::Target& GetTarget() { return *m_target; }
    execute::Executor& GetExecutor() { return m_executor; }
    //! A directory for temporary files, which disappears with this object.
    const std::string& ScratchPath() const { return m_scratch.Path(); }

private:
    execute::Janitor m_janitor;
    Scratch m_scratch;
    std::unique_ptr<execute::Target> m_target;
    execute::Executor m_executor;
};

//! A live target on its own thread. An executor owns the event loop of the thread that created it, so a process that
//! compares two targets needs two threads.
class TargetThread
{
public:
    using Task = std::function<void(LiveTarget&)>;

    //! Makes the target, and returns when it exists.
    explicit TargetThread(const TargetSpec& spec);
    //! Waits for the running task. The target is destroyed on its thread.
    ~TargetThread();
    TargetThread(const TargetThread&) = delete;
    TargetThread& operator=(const TargetThread&) = delete;

    //! Start a task. Call Wait for the previous task first.
    void Start(Task task);
    //! Wait until the task has ended. Afterwards the caller sees its effects.
    void Wait();

private:
    void Serve(const TargetSpec& spec);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    Task m_task; //!< guarded by m_mutex, like the next two; empty: no task is running
    bool m_ready{false};
    bool m_ending{false};
    std::thread m_thread; //!< last member, because the thread uses all others
};

} // namespace mpfuzz::engine
