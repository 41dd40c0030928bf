#include "targets/model_node/bugs.h"

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
                .description = "a call on a thread returns after its client has left, and touches the lost connection",
                .report = "https://github.com/bitcoin-core/libmultiprocess/issues/118",
                .flag = &Bugs::disconnect_in_call},
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
