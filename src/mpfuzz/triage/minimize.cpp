#include <mpfuzz/triage/minimize.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/print.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/triage/remove_steps.h>

#include <array>
#include <string>
#include <unordered_set>

namespace mpfuzz::triage {
namespace {

class Minimizer
{
public:
    Minimizer(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
              const MinimizeLimits& limits)
        : m_schema{schema}, m_still_fails{still_fails}, m_limits{limits}, m_result{.program = program}
    {
    }

    Minimized Run()
    {
        // A pass may make room for an earlier one.
        for (bool again{true}; again && m_result.complete;) {
            again = false;
            for (const Pass& pass : Passes()) again |= m_result.complete && Walk(pass);
        }
        return std::move(m_result);
    }

private:
    //! True where the pass made the program smaller.
    bool Walk(const Pass& pass)
    {
        bool helped{false};
        const std::unique_ptr<Reduction> reduction{pass.start(m_schema)};
        while (auto candidate{reduction->Next(m_result.program)}) {
            const auto valid{program::Validate(m_schema, *candidate)};
            CHECK(valid, pass.name, valid ? "" : valid.GetError().message);
            const bool known{!m_passing.insert(program::Print(m_schema, *candidate)).second};
            if (!known && m_result.reruns >= m_limits.max_reruns) {
                m_result.complete = false;
                return helped;
            }
            const bool taken{!known && Fails(pass, *candidate)};
            if (taken) m_result.program = std::move(*candidate);
            helped |= taken;
            reduction->Judged(taken);
        }
        return helped;
    }

    bool Fails(const Pass& pass, const program::Program& candidate)
    {
        ++m_result.reruns;
        const bool fails{m_still_fails(candidate)};
        const size_t steps{fails ? candidate.steps.size() : m_result.program.steps.size()};
        if (m_limits.on_progress) m_limits.on_progress({pass.name, m_result.reruns, steps});
        return fails;
    }

    const schema::Schema& m_schema;
    const StillFails& m_still_fails;
    const MinimizeLimits& m_limits;
    Minimized m_result;
    //! Texts of candidates that were run. One that failed was taken, and is larger than whatever comes after
    //! it: only those that passed can come again.
    std::unordered_set<std::string> m_passing;
};

} // namespace

std::span<const Pass> Passes()
{
    static constexpr std::array PASSES{
        Pass{.name = "remove-steps", .start = StartRemoveSteps},
    };
    return PASSES;
}

Minimized Minimize(const schema::Schema& schema, const program::Program& program, const StillFails& still_fails,
                   const MinimizeLimits& limits)
{
    return Minimizer{schema, program, still_fails, limits}.Run();
}

} // namespace mpfuzz::triage
