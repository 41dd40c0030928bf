// The planted bug `thread-handle-race`: a thread that believes that its handle is still there when it starts.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace mpfuzz::model_node::planted {

//! What a thread and the client's handle of it share, as long as there is a handle.
class ThreadHandle
{
public:
    //! The thread, as soon as it runs. PLANTED BUG thread-handle-race: the handle may be gone. Volatile and unchecked,
    //! so that the null dereference is one in every build.
    __attribute__((no_sanitize("undefined"))) void Greet()
    {
        std::this_thread::sleep_for(SETTING_UP);
        volatile State* state{m_state.load()};
        state->started = true;
    }

    //! Loop thread: the client has released its handle, or left.
    void Release() { m_state = nullptr; }

private:
    //! What a thread may do first on a busy machine. Without, it nearly always wins against a release.
    static constexpr std::chrono::milliseconds SETTING_UP{10};

    struct State {
        bool started{false};
    };

    State m_owned;
    std::atomic<volatile State*> m_state{&m_owned};
};

} // namespace mpfuzz::model_node::planted
