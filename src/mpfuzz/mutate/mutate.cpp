#include <mpfuzz/mutate/mutate.h>

#include <mpfuzz/base/check.h>
#include <mpfuzz/program/validate.h>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace mpfuzz::mutate {

using program::Program;

namespace {

// Guesses, unmeasured. Most mutators that one program gets; one is the likeliest number.
constexpr uint64_t MAX_STACK{4};
// A mutator may find nothing to change, or one may undo the change of another.
constexpr int MAX_TRIES{32};
// The place to join two programs is random, and some places leave nothing of the other program.
constexpr int MAX_CROSSINGS{8};

} // namespace

Mutation::Mutation(const schema::Schema& schema, generate::Rules rules, generate::Generator& generator)
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
    // A program that is already too long may be changed, but must not grow.
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

namespace {

//! An upper bound of the words that a step's values take, and the depth of their nesting.
class Measure
{
public:
    //! @param largest  Most fields of any struct. Every struct counts as that many words, whatever its type.
    explicit Measure(uint64_t largest) : m_largest{largest} {}

    void AddFields(const std::vector<program::FieldValue>& fields)
    {
        Add(m_largest);
        for (const program::FieldValue& field : fields) AddValue(field.value);
    }

    void AddServed(const program::ServedObject& object)
    {
        for (const program::Reaction& reaction : object.reactions) {
            Add(1);
            AddFields(reaction.results);
        }
    }

    bool IsOver() const { return m_words > program::MAX_WORDS || m_deepest > program::MAX_DEPTH; }

private:
    //! Saturates above MAX_WORDS.
    void Add(uint64_t words)
    {
        m_words = words > 0 && m_repeats > program::MAX_WORDS ? program::MAX_WORDS + 1
                                                              : std::min(m_words + m_repeats * words, TOO_MANY);
    }

    void AddValue(const program::Value& value)
    {
        m_deepest = std::max(m_deepest, ++m_depth);
        Add(1);
        std::visit([this](const auto& content) { AddContent(content); }, value.content);
        --m_depth;
    }

    template<typename T>
    void AddContent(const T& content)
    {
        if constexpr (std::is_same_v<T, program::Blob>) {
            Add(content.bytes.size() / 8);
        } else if constexpr (std::is_same_v<T, program::DataRef>) {
            for (const program::Edit& edit : content.edits) Add(edit.bytes.size() / 8);
        } else if constexpr (std::is_same_v<T, program::ListValue>) {
            for (const program::Value& element : content.elements) AddValue(element);
        } else if constexpr (std::is_same_v<T, program::AnyValue>) {
            for (const program::Value& inner : content.value) AddValue(inner);
        } else if constexpr (std::is_same_v<T, program::StructValue>) {
            AddFields(content.fields);
        } else if constexpr (std::is_same_v<T, program::ServedObject>) {
            AddServed(content);
        } else if constexpr (std::is_same_v<T, program::RepeatValue>) {
            const uint64_t outer{m_repeats};
            m_repeats = std::min(m_repeats * content.count, TOO_MANY);
            for (const program::Value& element : content.element) AddValue(element);
            m_repeats = outer;
        }
    }

    static constexpr uint64_t TOO_MANY{program::MAX_WORDS + 1};
    const uint64_t m_largest;
    uint64_t m_repeats{1};
    uint64_t m_words{0};
    size_t m_depth{0}, m_deepest{0};
};

} // namespace

bool OverBounds(const schema::Schema& schema, const program::Program& program)
{
    if (program.steps.size() > program::MAX_STEPS) return true;
    uint64_t largest{0};
    for (const schema::Struct& each : schema.Structs()) largest = std::max<uint64_t>(largest, each.fields.size());
    return std::ranges::any_of(program.steps, [&](const program::Step& step) {
        Measure measure{largest};
        if (const auto* call{std::get_if<program::Call>(&step)}) measure.AddFields(call->arguments.fields);
        if (const auto* serve{std::get_if<program::Serve>(&step)}) measure.AddServed(serve->object);
        if (const auto* message{std::get_if<program::Message>(&step)}) measure.AddFields(message->message.fields);
        return measure.IsOver();
    });
}

} // namespace mpfuzz::mutate
