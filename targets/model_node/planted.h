// The code of planted bugs that need more than a few lines. See bugs.h.
#pragma once

#include <targets/model_node/chain/block.h>

#include <capnp/blob.h>
#include <kj/async.h>
#include <mp/proxy.capnp.h>
#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace mpfuzz::model_node::planted {

//! The planted bug `lock-order`: a log of the latest calls. One caller locks the queue's mutex before the log's, the
//! other locks them in the opposite order. The log itself is thread-safe.
class CallLog
{
public:
    //! Logs that a call has been posted, and that `waiting` calls wait now. The caller holds the queue's mutex, so the
    //! log's mutex is locked second.
    void NotePosted(size_t waiting);

    //! Logs that a call has returned. Slow. Calls `count_waiting` while it holds the log's mutex, so the queue's mutex
    //! is locked second.
    void NoteReturned(const std::function<size_t()>& count_waiting);

private:
    void Add(const char* event, size_t waiting);

    std::mutex m_mutex;
    std::deque<std::string> m_lines; // Guarded by m_mutex.
};

//! The planted bug `destroy-error`: tells a client, for each of its threads, that the server makes no more calls on it.
//! If the client answers with an error, a noexcept destructor throws it. Loop thread only.
class LastRequests final : private kj::TaskSet::ErrorHandler
{
public:
    LastRequests() : m_tasks{*this} {}

    //! Sends a last request to this thread: `getName`, because Thread has no `destroy`.
    void Send(multiprocess::Thread::Client thread);

private:
    void taskFailed(kj::Exception&&) override {}

    kj::TaskSet m_tasks;
};

//! The planted bug `unkillable`: counts the calls that are not over, so that the process can wait for them before it
//! ends. Loop thread only.
class OpenCalls
{
public:
    void Enter() { ++m_count; }

    void Leave()
    {
        if (--m_count > 0) return;
        KJ_IF_MAYBE (idle, m_idle) idle->get()->fulfill();
    }

    //! Fulfilled when no call is open. Call it at most once. PLANTED BUG unkillable: some calls never return.
    kj::Promise<void> WhenNone()
    {
        if (m_count == 0) return kj::READY_NOW;
        auto paf{kj::newPromiseAndFulfiller<void>()};
        m_idle = kj::mv(paf.fulfiller);
        return kj::mv(paf.promise);
    }

private:
    size_t m_count{0};
    kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> m_idle;
};

//! The planted bug `thread-handle-race`: state that a thread shares with the client's handle of it.
class ThreadHandle
{
public:
    //! The thread calls this when it starts. PLANTED BUG thread-handle-race: the handle may have been released. The
    //! code uses volatile, and turns off UBSan's check, so that it dereferences null in every build.
    __attribute__((no_sanitize("undefined"))) void OnStart()
    {
        std::this_thread::sleep_for(START_TIME);
        volatile State* state{m_state.load()};
        state->started = true;
    }

    //! Loop thread: the client has released its handle, or has left.
    void Release() { m_state = nullptr; }

private:
    //! How long the start of a thread may take on a busy machine. Without this delay, the thread nearly always runs
    //! before the release.
    static constexpr std::chrono::milliseconds START_TIME{10};

    struct State {
        bool started{false};
    };

    State m_owned;
    std::atomic<volatile State*> m_state{&m_owned};
};

//! The planted bug `empty-vector`: a copy of `data`. If `data` is empty, it copies to a null pointer.
Bytes CopyBytes(capnp::Data::Reader data);

//! The planted bug `json-truncated`: returns the object with which `text` begins. It has the members that were complete
//! when parsing failed, except values that are nested deeper than in any request. Returns null if `text` does not begin
//! with an object.
nlohmann::json ReadablePart(const std::string& text);

} // namespace mpfuzz::model_node::planted
