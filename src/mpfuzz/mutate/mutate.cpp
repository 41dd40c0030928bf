#include <mpfuzz/mutate/mutate.h>

#include <mpfuzz/mutate/bounds.h>
#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>

namespace mpfuzz::mutate {

using program::Program;

namespace {

// Mutators applied on top of each other; one is the likeliest. Guess, unmeasured.
constexpr uint64_t MAX_STACK{4};
// A mutator may find no place, or several may undo each other.
constexpr int MAX_TRIES{32};
// Crossing points are random, and some leave nothing.
constexpr int MAX_CROSSINGS{8};

} // namespace

Mutation::Mutation(const schema::Schema& schema, generate::Rules rules, generate::Generator& generator)
    : m_schema{schema}, m_schema_index{schema, std::move(rules), {}}, m_generator{generator}, m_statistics{
                                                                                                  NoMutatorStatistics()}
{
}

void Mutation::SetMutatorStatistics(MutatorStatistics statistics)
{
    CHECK(statistics.counts.size() == Mutators().size(), statistics.counts.size(), Mutators().size());
    m_statistics = std::move(statistics);
}

Context Mutation::MakeContext(base::Rng& rng, const Program* other, const Hints* hints) const
{
    return {.schema = m_schema,
            .schema_index = m_schema_index,
            .generator = m_generator,
            .rng = rng,
            .other = other,
            .hints = hints,
            .comparisons = m_comparisons ? &m_comparisons : nullptr,
            .max_steps = m_schema_index.GetRules().max_steps};
}

bool Mutation::Try(size_t mutator, Program& program, const Program& original, Context& context)
{
    Program changed{program};
    // A program that is too long already may still be changed, but not grow.
    const size_t most{std::max(MaxSteps(), original.steps.size())};
    bool applied{Mutators()[mutator].apply(changed, context) && changed.steps.size() <= most && changed != program};
    // Without a call nothing is tested, and little can be added again.
    applied = applied && (program::CountCalls(changed) > 0 || program::CountCalls(original) == 0);
    if (applied) {
        const base::Status valid{program::Validate(m_schema, changed)};
        CHECK(valid || OverBounds(m_schema, changed), Mutators()[mutator].name, valid.GetError().message);
        applied = static_cast<bool>(valid);
    }
    m_statistics.Tried(mutator, applied);
    if (applied) program = std::move(changed);
    return applied;
}

std::vector<uint32_t> Mutation::Weights(const Context& context) const
{
    std::vector<uint32_t> weights{m_statistics.Weights()};
    for (size_t id{0}; id < weights.size(); ++id) {
        const Needs needs{Mutators()[id].needs};
        const bool lacking{(needs == Needs::OTHER && !context.other) || (needs == Needs::HINTS && !context.hints) ||
                           (needs == Needs::COMPARISONS && !context.comparisons)};
        if (lacking) weights[id] = 0;
    }
    return weights;
}

Mutated Mutation::Mutate(const Program& program, base::Rng& rng, const Program* other, const Hints& hints)
{
    Context context{MakeContext(rng, other, hints ? &hints : nullptr)};
    const std::vector<uint32_t> weights{Weights(context)};
    const size_t wanted{1 + rng.SkewedLength(MAX_STACK - 1)};
    Mutated result{program, {}};
    bool same{true};
    for (int tries{0}; tries < MAX_TRIES && (same || result.mutators.size() < wanted); ++tries) {
        const size_t mutator{rng.Weighted(weights)};
        if (!Try(mutator, result.program, program, context)) continue;
        result.mutators.push_back(mutator);
        same = result.program == program;
    }
    if (same) return {m_generator.Generate(rng), {}};
    return result;
}

Mutated Mutation::Crossover(const Program& a, const Program& b, base::Rng& rng)
{
    Context context{MakeContext(rng, &b, nullptr)};
    Mutated result{a, {MutatorId("cross-over")}};
    for (int tries{0}; tries < MAX_CROSSINGS; ++tries) {
        if (Try(result.mutators[0], result.program, a, context) && result.program != b) return result;
        result.program = a;
    }
    return Mutate(a, rng, &b);
}

} // namespace mpfuzz::mutate
