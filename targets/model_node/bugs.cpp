#include <targets/model_node/bugs.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace mpfuzz::model_node {

std::span<const BugInfo> AllBugs()
{
    static constexpr std::array BUGS{
        BugInfo{.name = "worker-exception",
                .description = "submitSolution with an empty coinbase throws on its thread, and nothing catches it",
                .report = "https://github.com/bitcoin/bitcoin/issues/33341",
                .flag = &Bugs::worker_exception},
        BugInfo{.name = "option-range",
                .description = "createNewBlock asserts that blockReservedWeight is in range",
                .report = "https://github.com/bitcoin/bitcoin/issues/33222",
                .flag = &Bugs::option_range},
        BugInfo{.name = "disconnect-in-call",
                .description =
                    "a call that returns after its client has disconnected uses the connection, which is gone",
                .report = "https://github.com/bitcoin-core/libmultiprocess/issues/118",
                .flag = &Bugs::disconnect_in_call},
        BugInfo{.name = "busy-thread",
                .description = "a thread asserts that at most one call waits while it runs another",
                .report = "https://github.com/bitcoin-core/libmultiprocess/issues/206",
                .flag = &Bugs::busy_thread},
        BugInfo{.name = "thread-handle-race",
                .description = "a new thread uses its handle, which the client may already have released",
                .report = "https://github.com/bitcoin-core/libmultiprocess/issues/249",
                .flag = &Bugs::thread_handle_race},
        BugInfo{.name = "destroy-error",
                .description = "if a callbackThread answers its release with an error, a noexcept destructor throws it",
                .report = "https://github.com/bitcoin-core/libmultiprocess/issues/219",
                .flag = &Bugs::destroy_error},
        BugInfo{.name = "lock-order",
                .description = "posting a call and returning from a call lock two mutexes in opposite order",
                .report = "https://github.com/bitcoin/bitcoin/issues/33647",
                .flag = &Bugs::lock_order},
        BugInfo{.name = "unkillable",
                .description = "SIGTERM waits until all calls have returned, which some never do",
                .report = "https://github.com/bitcoin/bitcoin/issues/33463",
                .flag = &Bugs::unkillable},
        BugInfo{.name = "loop-blocking",
                .description = "Mining.interrupt takes a second on the event loop",
                .report = "https://github.com/bitcoin/bitcoin/issues/34568",
                .flag = &Bugs::loop_blocking},
        BugInfo{.name = "empty-vector",
                .description = "checkBlock and submitBlock copy an empty block from or to a null pointer",
                .report = "https://github.com/bitcoin-core/libmultiprocess/issues/305",
                .flag = &Bugs::empty_vector},
        BugInfo{.name = "json-truncated",
                .description = "if a request is not valid JSON, executeRpc uses the part that it could read",
                .report = "https://github.com/bitcoin/bitcoin/issues/36088",
                .flag = &Bugs::json_truncated},
        BugInfo{.name = "thread-exhaustion",
                .description = "one client may use all threads that the process can have",
                .report = "",
                .flag = &Bugs::thread_exhaustion},
        BugInfo{.name = "wait-leak",
                .description = "if a client disconnects during a wait, the thread that waits never ends",
                .report = "https://github.com/bitcoin/bitcoin/issues/36097",
                .flag = &Bugs::wait_leak},
        BugInfo{.name = "wrong-template",
                .description =
                    "waitNext does not notice that a template without transactions meets a fee threshold of zero",
                .report = "https://github.com/bitcoin/bitcoin/pull/33566",
                .flag = &Bugs::wrong_template},
        BugInfo{.name = "reordered",
                .description = "if three or more calls wait for a thread, the last one runs first",
                .report = "",
                .flag = &Bugs::reordered},
        BugInfo{.name = "pipelined-stale",
                .description = "calls pipelined on createNewBlock see a template that is not filled yet",
                .report = "",
                .flag = &Bugs::pipelined_stale},
    };
    return BUGS;
}

bool Enable(Bugs& bugs, std::string_view name)
{
    const auto it{std::ranges::find(AllBugs(), name, &BugInfo::name)};
    if (it == AllBugs().end()) return false;
    bugs.*(it->flag) = true;
    return true;
}

void FailAssertion(const char* file, int line, const char* function, const char* expression)
{
    std::fprintf(stderr, "model_node: %s:%d: %s: Assertion `%s' failed.\n", file, line, function, expression);
    std::fflush(stderr);
    std::abort();
}

} // namespace mpfuzz::model_node
