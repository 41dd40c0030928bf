#include <mpfuzz/engine/input_minimizer.h>

#include <mpfuzz/triage/minimize.h>

#include <algorithm>

namespace mpfuzz::engine {
namespace {

// A program of thirty steps of which ten are needed takes about as many. Guess, unmeasured.
constexpr size_t MAX_RUNS{32};

} // namespace

std::optional<program::Program> MinimizeInput(const schema::Schema& schema, const program::Program& program,
                                              std::vector<Feature> news, const Probe& probe)
{
    const auto again{probe(program)};
    std::erase_if(news, [&](const Feature& feature) { return again.empty() || !Reaches(again, feature); });
    if (news.empty()) return std::nullopt;
    const auto reaches_them{[&](const program::Program& candidate) {
        const auto counters{probe(candidate)};
        return !counters.empty() &&
               std::ranges::all_of(news, [&](const Feature& feature) { return Reaches(counters, feature); });
    }};
    return triage::Minimize(schema, program, reaches_them,
                            {.max_reruns = MAX_RUNS, .passes = triage::Passes().first(1)})
        .program;
}

} // namespace mpfuzz::engine
