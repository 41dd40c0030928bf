#include <mpfuzz/mutate/mutate.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/validate.h>
#include <mpfuzz/program/visit.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace mpfuzz::mutate {

using program::Program;

namespace {

// These numbers are guesses, unmeasured.

// The largest number of mutators that are applied to one program. One mutator is the most likely.
constexpr uint64_t MAX_MUTATORS{4};
// Several tries, because a mutator may find nothing to change, and a mutator may undo the change of another one.
constexpr int MAX_TRIES{32};
// Several tries, because the position at which two programs are joined is random, and at some positions no step of the
// other program can be used.
constexpr int MAX_CROSSOVER_TRIES{8};

} // namespace

Mutation::Mutation(const schema::Schema& schema, program::TargetRules rules, generate::Generator& generator)
    : m_schema{schema}, m_schema_index{schema, std::move(rules), {}}, m_generator{generator}
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
    // A program that is already too long may be changed, but must not become longer.
    const size_t most{std::max(MaxSteps(), original.steps.size())};
    bool applied{Mutators()[mutator].apply(changed, context) && changed.steps.size() <= most && changed != program};
    // A program without calls tests nothing.
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
    const size_t wanted{1 + rng.SkewedLength(MAX_MUTATORS - 1)};
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
    for (int tries{0}; tries < MAX_CROSSOVER_TRIES; ++tries) {
        if (Try(result.mutators[0], result.program, a, context) && result.program != b) return result;
        result.program = a;
    }
    return Mutate(a, rng, &b);
}

namespace {

//! Number of words of a value itself, without the values inside it.
uint64_t OwnWords(const program::Value& value)
{
    uint64_t words{1};
    if (const auto* blob{value.As<program::Blob>()}) words += blob->bytes.size() / 8;
    if (const auto* data{value.As<program::DataRef>()}) {
        for (const program::Edit& edit : data->edits) words += edit.bytes.size() / 8;
    }
    return words;
}

//! @param fields_words  Number of words to count for the fields of each struct: at least that of the largest struct.
bool StepIsOver(const schema::Schema& schema, const program::Step& step, uint64_t fields_words)
{
    constexpr uint64_t TOO_MANY{program::MAX_WORDS + 1};
    uint64_t words{0};
    size_t deepest{0};
    // For each depth: how many times a value counts, because it is inside one or more RepeatValues.
    std::vector<uint64_t> repeats{1};
    const auto add{[&](uint64_t count, size_t depth) { words = std::min(words + repeats[depth] * count, TOO_MANY); }};
    const auto add_fields{[&](const std::vector<program::FieldValue>&, const program::FieldsPosition& at) {
        add(fields_words + (at.reaction ? 1 : 0), at.outer ? at.outer->depth + 1 : 0);
    }};
    const auto add_value{[&](const program::Value& value, const program::ValuePosition& at) {
        deepest = std::max<size_t>(deepest, at.depth + 1);
        add(OwnWords(value), at.depth);
        const auto* repeat{value.As<program::RepeatValue>()};
        repeats.resize(at.depth + 1);
        repeats.push_back(std::min(repeats.back() * (repeat ? repeat->count : 1), TOO_MANY));
    }};
    program::VisitValues(schema, step, program::Overloaded{add_fields, add_value});
    return words >= TOO_MANY || deepest > program::MAX_DEPTH;
}

} // namespace

bool OverBounds(const schema::Schema& schema, const program::Program& program)
{
    if (program.steps.size() > program::MAX_STEPS) return true;
    uint64_t largest{0};
    for (const schema::Struct& each : schema.Structs()) largest = std::max<uint64_t>(largest, each.fields.size());
    return std::ranges::any_of(program.steps,
                               [&](const program::Step& step) { return StepIsOver(schema, step, largest); });
}

} // namespace mpfuzz::mutate
