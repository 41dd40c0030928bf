// What planted bugs need, if it is more than a few lines. See bugs.h.
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

//! The planted bug `lock-order`: a log of the latest calls. Some take its mutex before the queue's, others after it.
//! Thread-safe by itself.
class CallLog
{
public:
    //! A call has been posted, and `waiting` calls wait now. The caller holds the mutex of their queue: the log's is
    //! locked second.
    void NotePosted(size_t waiting);

    //! A call has returned. Slow. Calls `count_waiting` with the log's mutex held: the queue's is locked second.
    void NoteReturned(const std::function<size_t()>& count_waiting);

private:
    void Add(const char* event, size_t waiting);

    std::mutex m_mutex;
    std::deque<std::string> m_lines; // Guarded by m_mutex.
};

//! The planted bug `destroy-error`: tells a client, for each of its threads, that no more calls come back on it. An
//! error in the reply leaves a noexcept destructor. Loop thread only.
class Farewells final : private kj::TaskSet::ErrorHandler
{
public:
    Farewells() : m_tasks{*this} {}

    //! Send a last request to this thread: `getName`, because Thread has no `destroy`.
    void Say(multiprocess::Thread::Client thread);

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

    //! PLANTED BUG unkillable: whoever waits for this assumes that every call returns. Call it at most once.
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

//! The planted bug `thread-handle-race`: shared by a thread and the client's handle of it, as long as there is a
//! handle.
class ThreadHandle
{
public:
    //! Thread: called as soon as it runs. PLANTED BUG thread-handle-race: the handle may have been released. Volatile
    //! and without UBSan's check, so that every build dereferences null.
    __attribute__((no_sanitize("undefined"))) void Greet()
    {
        std::this_thread::sleep_for(SETTING_UP);
        volatile State* state{m_state.load()};
        state->started = true;
    }

    //! Loop thread: the client has released its handle, or has left.
    void Release() { m_state = nullptr; }

private:
    //! As long as the start of a thread may take on a busy machine. Without it, the thread nearly always runs before
    //! the release.
    static constexpr std::chrono::milliseconds SETTING_UP{10};

    struct State {
        bool started{false};
    };

    State m_owned;
    std::atomic<volatile State*> m_state{&m_owned};
};

//! The planted bug `empty-vector`: a copy of `data`, whose copy of no bytes goes to a null pointer.
Bytes CopyBytes(capnp::Data::Reader data);

//! The planted bug `json-truncated`: the object that `text` begins with, as far as its members were complete when
//! reading failed; null if it begins with something else. Leaves out values that are nested deeper than any request's.
nlohmann::json ReadablePart(const std::string& text);

} // namespace mpfuzz::model_node::planted
