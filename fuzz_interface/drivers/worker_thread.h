// Threads for calls that block and may hang, and a class that makes calls at the same time on such threads.
#pragma once

#include <fuzz_interface/drivers/compare.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mpfuzz::fuzz_interface {

//! A thread that runs one function at a time. If a function hangs, the thread can be abandoned.
class WorkerThread
{
public:
    WorkerThread();
    //! Waits until the current function has returned, unless the thread was abandoned.
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    //! Starts a function. It must not throw, and the previous one must have returned.
    void Start(std::function<void()> work);

    //! @return Whether the function has returned within the time limit, and has been destroyed.
    bool Wait(std::chrono::milliseconds limit);

    //! Detaches the thread. To destroy what the function uses may hang as well: report the failure and end the process.
    //! @param keep  Owns the objects that the function uses. Released if the function returns after all.
    void Abandon(std::shared_ptr<void> keep);

private:
    struct State;

    void Close(std::shared_ptr<void> keep);

    std::shared_ptr<State> m_state;
    std::thread m_thread;
};

//! The maximum number of calls that are made at the same time.
inline constexpr size_t MAX_CONCURRENT{3};

struct ModelConnection;

//! One call, and how it has to end.
struct PlannedCall {
    enum class Ending {
        VALUE,     //!< answered, with a value in [low, high]
        EXCEPTION, //!< an exception that is derived from std::exception
        EITHER     //!< one of the two, because its connection is being closed at the same time
    };

    std::string text; //!< "o1.Visit(5)"; empty: no call
    //! Makes the call, on a worker thread. Must own what it uses, because the thread may be abandoned.
    std::function<uint64_t()> work;
    Ending ending{Ending::VALUE};
    uint64_t low{0};
    uint64_t high{0};
    std::vector<std::shared_ptr<ModelConnection>> connections; //!< those that the call uses
    bool closes{false};                                        //!< whether the call closes the first one
    //! Objects that the call changes: no concurrent call may change or read them.
    std::vector<const void*> changes;
    //! Objects that the call reads: no concurrent call may change them.
    std::vector<const void*> reads;
    //! Updates the model. Runs after all concurrent calls have ended.
    std::function<void(const PlannedCall& call, bool returned)> update;
};

//! Makes calls at the same time, each on its own worker thread, and checks how they end.
class ConcurrentCalls
{
public:
    //! @param deadline  For each call.
    explicit ConcurrentCalls(std::chrono::milliseconds deadline) : m_deadline{deadline} {}

    //! Makes the calls, and waits until all have ended.
    //! @param calls  At most MAX_CONCURRENT. Call number i is made on worker thread i.
    //! @return The first call that ended in a wrong way, with the calls before it.
    std::optional<Failure> MakeAll(std::vector<PlannedCall> calls);

    //! Abandons the threads of calls that have missed the deadline. No more calls may be made afterwards.
    //! @param owner  Owns this object and everything that the calls use.
    void AbandonHanging(const std::shared_ptr<void>& owner);

    //! A failure that consists of this text and the calls so far.
    Failure Fail(const std::string& what) const;

private:
    std::chrono::milliseconds m_deadline;
    std::vector<size_t> m_hanging; //!< numbers of threads
    std::vector<std::string> m_history;
    std::array<WorkerThread, MAX_CONCURRENT> m_threads;
};

} // namespace mpfuzz::fuzz_interface
