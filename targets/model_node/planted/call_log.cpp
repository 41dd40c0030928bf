#include <targets/model_node/planted/call_log.h>

#include <chrono>
#include <thread>

namespace mpfuzz::model_node::planted {
namespace {

// Guess: a few seconds of a busy server.
constexpr size_t MAX_LINES{1'000};

// What writing to a disk may take; a sleep stands for it. Long enough for the race to be won on a busy machine, too.
constexpr std::chrono::microseconds SLOW_WRITE{500};

} // namespace

void CallLog::NotePosted(size_t waiting)
{
    const std::lock_guard lock{m_mutex};
    Add("posted", waiting);
}

void CallLog::NoteReturned(const std::function<size_t()>& count_waiting)
{
    const std::lock_guard lock{m_mutex};
    std::this_thread::sleep_for(SLOW_WRITE);
    Add("returned", count_waiting());
}

void CallLog::Add(const char* event, size_t waiting)
{
    m_lines.push_back(std::string{event} + "; waiting: " + std::to_string(waiting));
    if (m_lines.size() > MAX_LINES) m_lines.pop_front();
}

} // namespace mpfuzz::model_node::planted
