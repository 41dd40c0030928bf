// The planted bug `lock-order`: a log whose mutex is taken before the queue's by some, and after it by others.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

namespace mpfuzz::model_node::planted {

//! The latest calls, for whoever looks into the process. Thread-safe by itself.
class CallLog
{
public:
    //! A call has been posted; so many wait now. The caller holds the mutex of their queue: this takes the log's
    //! second.
    void NotePosted(size_t waiting);

    //! A call has returned. Slow. Calls `count_waiting` with the log's mutex held: the queue's is taken second.
    void NoteReturned(const std::function<size_t()>& count_waiting);

private:
    void Add(const char* event, size_t waiting);

    std::mutex m_mutex;
    std::deque<std::string> m_lines; // Guarded by m_mutex.
};

} // namespace mpfuzz::model_node::planted
