#include <mpfuzz/triage/minimize.h>

#include <mpfuzz/triage/merge_connections.h>
#include <mpfuzz/triage/remove_steps.h>
#include <mpfuzz/triage/search.h>
#include <mpfuzz/triage/simplify_capabilities.h>
#include <mpfuzz/triage/simplify_text.h>
#include <mpfuzz/triage/simplify_values.h>

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
    // A pass may make room for an earlier one: round and round, until none finds anything in one and the same program.
    const auto passes{limits.passes.empty() ? Passes() : limits.passes};
    size_t idle{0};
    for (size_t turn{0}; idle < passes.size() && !search.Ended(); ++turn) {
        const Pass& pass{passes[turn % passes.size()]};
        const program::Program before{search.Current()};
        search.Enter(pass.name);
        pass.reduce(search);
        idle = search.Current() == before ? idle + 1 : 0;
    }
    return std::move(search).Take();
}

} // namespace mpfuzz::triage
