#include <targets/model_node/planted.h>

#include <targets/model_node/bugs.h>

#include <kj/exception.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <thread>
#include <vector>

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define MODEL_NODE_HAS_UBSAN
#endif
#endif

namespace mpfuzz::model_node::planted {
namespace {

// Guess: the calls of a busy server in a few seconds.
constexpr size_t MAX_LINES{1'000};

// A sleep in place of a write to a disk. Long enough for the deadlock to occur on a busy machine too.
constexpr std::chrono::microseconds SLOW_WRITE{500};

// One last request. Keeps the error until the request is over.
class LastRequest
{
public:
    // PLANTED BUG destroy-error: a noexcept destructor throws.
    ~LastRequest() noexcept
    {
        KJ_IF_MAYBE (error, m_error) kj::throwFatalException(kj::mv(*error));
    }

    void HasFailed(kj::Exception&& error)
    {
        // Not an error: the client has left.
        if (error.getType() != kj::Exception::Type::DISCONNECTED) m_error = kj::mv(error);
    }

private:
    kj::Maybe<kj::Exception> m_error;
};

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

void LastRequests::Send(multiprocess::Thread::Client thread)
{
    auto request{kj::heap<LastRequest>()};
    LastRequest& pending{*request};
    m_tasks.add(thread.getNameRequest()
                    .send()
                    .ignoreResult()
                    .catch_([&pending](kj::Exception&& error) { pending.HasFailed(kj::mv(error)); })
                    .attach(kj::mv(request)));
}

Bytes CopyBytes(capnp::Data::Reader data)
{
    std::vector<char> bytes(data.size());
    // PLANTED BUG empty-vector: data() of an empty vector is null. If UBSan does not report that, this does.
#ifndef MODEL_NODE_HAS_UBSAN
    MODEL_NODE_ASSERT(bytes.data() != nullptr);
#endif
    std::memcpy(bytes.data(), data.begin(), data.size());
    return {bytes.begin(), bytes.end()};
}

nlohmann::json ReadablePart(const std::string& text)
{
    constexpr int MAX_DEPTH{100};
    using Event = nlohmann::json::parse_event_t;
    nlohmann::json part;
    std::string key;
    const auto take{[&](int depth, Event event, const nlohmann::json& parsed) {
        const bool is_complete{event == Event::value || event == Event::object_end || event == Event::array_end};
        if (depth == 0 && event == Event::object_start) part = nlohmann::json::object();
        if (depth == 1 && event == Event::key) key = parsed.get<std::string>();
        if (depth == 1 && is_complete && part.is_object()) part[key] = parsed;
        return depth < MAX_DEPTH;
    }};
    [[maybe_unused]] const nlohmann::json failed = nlohmann::json::parse(text, take, /*allow_exceptions=*/false);
    return part;
}

} // namespace mpfuzz::model_node::planted
