#include <mpfuzz/observe/oracles.h>

#include <mpfuzz/base/check.h>

#include <algorithm>
#include <array>

namespace mpfuzz::observe {

std::span<const Oracle> Oracles()
{
    using Kind = FindingKind;
    static constexpr std::array ORACLES{
        Oracle{.kind = Kind::CRASH, .name = "crash", .notices = "the target died", .judge = JudgeCrash},
        Oracle{.kind = Kind::UNRESPONSIVE,
               .name = "unresponsive",
               .notices = "a fresh connection gets no main interface",
               .depends_on_time = true,
               .judge = JudgeUnresponsive},
        Oracle{.kind = Kind::NO_REPLY,
               .name = "no-reply",
               .notices = "a call that may not block has no answer",
               .depends_on_time = true,
               .judge = JudgeNoReply},
        Oracle{.kind = Kind::UNKILLABLE,
               .name = "unkillable",
               .notices = "the target goes on after a signal that asked it to shut down",
               .depends_on_time = true,
               .judge = JudgeUnkillable},
        Oracle{.kind = Kind::CANARY,
               .name = "canary",
               .notices = "a second, well-behaved client is disturbed",
               .depends_on_time = true,
               .judge = JudgeCanary},
        Oracle{.kind = Kind::PROTOCOL,
               .name = "protocol",
               .notices = "the target closes a connection to a client that kept the rules",
               .judge = JudgeProtocol},
        Oracle{.kind = Kind::RESOURCES,
               .name = "resources",
               .notices = "threads, descriptors or memory grow, or stay behind",
               .adds_up = true,
               .judge = JudgeResources},
        Oracle{.kind = Kind::POSTCONDITION,
               .name = "postcondition",
               .notices = "an answer contradicts the call's arguments or an earlier answer",
               .judge = JudgePostconditions},
        Oracle{.kind = Kind::ORDER,
               .name = "order",
               .notices = "calls that keep their order are answered in another order",
               .judge = JudgeOrder},
        Oracle{.kind = Kind::SEQUENTIAL,
               .name = "sequential",
               .notices = "a program of deterministic methods has other answers if every call is awaited",
               .needs_two_runs = true},
        Oracle{.kind = Kind::DIFFERENTIAL,
               .name = "differential",
               .notices = "two targets answer one program differently (mpfuzz diff)",
               .needs_two_runs = true},
        Oracle{.kind = Kind::DRIVER, .name = "driver", .notices = "a driver of the target reports a bug"},
    };
    return ORACLES;
}

const Oracle& OracleOf(FindingKind kind)
{
    const Oracle& oracle{Oracles()[static_cast<size_t>(kind)]};
    CHECK(oracle.kind == kind, oracle.name);
    return oracle;
}

std::string_view Name(FindingKind kind) { return OracleOf(kind).name; }

std::optional<FindingKind> FindingKindOf(std::string_view name)
{
    const auto found{std::ranges::find(Oracles(), name, &Oracle::name)};
    return found == Oracles().end() ? std::nullopt : std::optional{found->kind};
}

std::optional<Identity> ParseIdentity(std::string_view text)
{
    const size_t colon{text.find(": ")};
    const auto kind{FindingKindOf(text.substr(0, colon))};
    if (colon == std::string_view::npos || !kind) return std::nullopt;
    return Identity{*kind, std::string{text.substr(colon + 2)}};
}

std::string Describe(const Identity& identity) { return std::string{Name(identity.kind)} + ": " + identity.title; }

std::vector<Finding> Judge(const Case& run)
{
    CHECK(run.trace.outcomes.size() == run.program.steps.size(), run.trace.outcomes.size(), run.program.steps.size());
    std::vector<Finding> findings;
    for (const Oracle& oracle : Oracles()) {
        if (!oracle.judge) continue;
        for (Problem& problem : oracle.judge(run)) {
            findings.push_back(
                {{oracle.kind, std::move(problem.title)}, std::move(problem.details), run.program, run.trace});
        }
    }
    return findings;
}

} // namespace mpfuzz::observe
