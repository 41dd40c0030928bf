#include <mpfuzz/observe/oracles.h>

#include <mpfuzz/base/check.h>

#include <array>

namespace mpfuzz::observe {

std::span<const Oracle> Oracles()
{
    static constexpr std::array ORACLES{
        Oracle{.name = "crash", .notices = "the target died", .judge = JudgeCrash},
        Oracle{
            .name = "unresponsive", .notices = "a fresh connection gets no main interface", .judge = JudgeUnresponsive},
        Oracle{.name = "no-reply", .notices = "a call that may not block has no answer", .judge = JudgeNoReply},
        Oracle{.name = "unkillable",
               .notices = "the target goes on after a signal that asked it to shut down",
               .judge = JudgeUnkillable},
        Oracle{.name = "canary", .notices = "a second, well-behaved client is disturbed", .judge = JudgeCanary},
        Oracle{.name = "protocol",
               .notices = "the target closes a connection to a client that kept the rules",
               .judge = JudgeProtocol},
        Oracle{.name = RESOURCES,
               .notices = "threads, descriptors or memory grow, or stay behind",
               .judge = JudgeResources},
        Oracle{.name = "postcondition",
               .notices = "an answer contradicts the call's arguments or an earlier answer",
               .judge = JudgePostconditions},
        Oracle{.name = "order",
               .notices = "calls that keep their order are answered in another order",
               .judge = JudgeOrder},
    };
    return ORACLES;
}

std::vector<Finding> Judge(const Case& run)
{
    CHECK(run.trace.outcomes.size() == run.program.steps.size(), run.trace.outcomes.size(), run.program.steps.size());
    std::vector<Finding> findings;
    for (const Oracle& oracle : Oracles()) {
        for (std::string& title : oracle.judge(run)) {
            findings.push_back({std::string{oracle.name}, std::move(title), run.program, run.trace});
        }
    }
    return findings;
}

} // namespace mpfuzz::observe
