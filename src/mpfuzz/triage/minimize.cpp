#include <mpfuzz/triage/minimize.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/base/digest.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/triage/passes.h>
#include <mpfuzz/triage/search.h>
#include <mpfuzz/triage/size.h>

#include <array>

namespace mpfuzz::triage {

std::span<const Pass> Passes()
{
    static constexpr std::array PASSES{
        Pass{.name = "remove-steps", .reduce = RemoveSteps},
        Pass{.name = "merge-connections", .reduce = MergeConnections},
        Pass{.name = "simplify-capabilities", .reduce = SimplifyCapabilities},
        Pass{.name = "simplify-values", .reduce = SimplifyValues},
        Pass{.name = "simplify-text", .reduce = SimplifyText},
    };
    return PASSES;
}

Minimized Minimize(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
                   const MinimizeLimits& limits)
{
    Search search{schema, program, still_fails, limits};
    // After one pass, an earlier pass may find more. So repeat all passes until none of them changes the program.
    const auto passes{limits.passes.empty() ? Passes() : limits.passes};
    size_t idle{0};
    for (size_t turn{0}; idle < passes.size() && !search.Ended(); ++turn) {
        const Pass& pass{passes[turn % passes.size()]};
        const size_t accepted{search.AcceptedCount()};
        search.SetPass(pass.name);
        pass.reduce(search);
        idle = search.AcceptedCount() == accepted ? idle + 1 : 0;
    }
    return std::move(search).Take();
}

Search::Search(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
               const MinimizeLimits& limits)
    : m_schema{schema}, m_still_fails{still_fails}, m_limits{limits}, m_result{.program = program}
{
}

bool Search::Try(program::Program candidate)
{
    if (Ended()) return false;
    const auto valid{program::Validate(m_schema, candidate)};
    CHECK(valid, m_pass, valid ? "" : valid.GetError().message);
    const std::string text{program::Print(m_schema, candidate)};
    CHECK(Measure(m_schema, candidate) < Measure(m_schema, Current()), m_pass, text);

    const uint64_t digest{base::Digest64(text)};
    if (m_passing.contains(digest) || (m_limits.known && m_limits.known->Contains(digest))) return false;
    if (m_result.reruns >= m_limits.max_reruns) {
        m_result.complete = false;
        return false;
    }
    ++m_result.reruns;
    const bool fails{m_still_fails(candidate)};
    if (fails) {
        m_result.program = std::move(candidate);
        ++m_accepted;
        if (m_limits.on_smaller) m_limits.on_smaller(m_result.program);
    } else if (!Ended()) { // if a limit is reached, the run may have ended early, so its result is not reliable
        m_passing.insert(digest);
        if (m_limits.known) m_limits.known->Add(digest);
    }
    Report();
    return fails;
}

bool Search::Ended()
{
    if (m_result.complete && (OutOfTime() || (m_limits.stop && m_limits.stop()))) m_result.complete = false;
    return !m_result.complete;
}

bool Search::OutOfTime() const
{
    return m_limits.max_time && std::chrono::steady_clock::now() - m_start >= *m_limits.max_time;
}

void Search::Report() const
{
    if (!m_limits.on_progress) return;
    m_limits.on_progress({m_pass, m_result.reruns, Current().steps.size(), program::CountCalls(Current())});
}

} // namespace mpfuzz::triage
