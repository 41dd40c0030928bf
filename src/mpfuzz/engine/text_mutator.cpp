#include <mpfuzz/engine/text_mutator.h>

#include <mpfuzz/mutate/mutators.h>
#include <mpfuzz/program/parse.h>
#include <mpfuzz/program/print.h>

#include <algorithm>
#include <utility>

namespace mpfuzz::engine {
namespace {

// The numbers of this file are guesses, unmeasured.

// Programs in each of two generations. A corpus of a few thousand programs fits; a program needs about 10 KiB of
// memory.
constexpr size_t CACHE_GENERATION{4'096};

// Number of programs whose comparisons are stored. At this number all are removed. A few hundred programs are mutated
// often.
constexpr size_t MAX_NOTED{4'096};

// The minimum and the maximum number of newly generated programs among 64. There is a minimum, because some programs
// cannot result from mutations of the corpus.
constexpr uint64_t MIN_GENERATED{3}, MAX_GENERATED{32};

// The counts are halved at this number, so that old results count less.
constexpr uint64_t RECENT{2'048};

// The engine asks for a crossover as often as for a mutation. One of this number of crossovers joins two whole
// programs; the others take some steps from the second program.
constexpr uint64_t JOIN_ONE_IN{6};

// Number of attempts to get a result that fits into the size that the engine allows.
constexpr int TRIES{4};

} // namespace

const program::Program& ProgramCache::Read(const schema::Schema& schema, std::string_view text)
{
    std::string key{text};
    if (const auto young{m_young.find(key)}; young != m_young.end()) {
        ++m_hits;
        return young->second;
    }
    if (const auto old{m_old.find(key)}; old != m_old.end()) {
        ++m_hits;
        program::Program program{std::move(old->second)};
        m_old.erase(old);
        Put(key, std::move(program));
    } else {
        ++m_misses;
        Put(key, program::ParseLenient(schema, text).program);
    }
    return m_young.at(key);
}

void ProgramCache::Put(std::string text, program::Program program)
{
    if (m_young.size() >= CACHE_GENERATION) m_old = std::exchange(m_young, {});
    m_young.insert_or_assign(std::move(text), std::move(program));
}

TextMutator::TextMutator(const schema::Schema& schema, const program::TargetRules& rules,
                         std::span<const domain::Domain> domains)
    : m_schema{schema}, m_generator{schema, rules, domains}, m_mutation{schema, rules, m_generator}
{
}

void TextMutator::SetComparisons(mutate::Comparisons comparisons)
{
    m_mutation.SetComparisons([this, latest = std::move(comparisons)] {
        const auto noted{m_comparisons.find(m_base)};
        return noted != m_comparisons.end() ? noted->second : latest();
    });
}

void TextMutator::NoteComparisons(const std::string& text, const mutate::ComparisonList& comparisons)
{
    if (m_comparisons.size() >= MAX_NOTED) m_comparisons.clear();
    m_comparisons[text] = mutate::RelevantComparisons(m_schema, Read(text), comparisons);
}

template<typename Make>
std::string TextMutator::MakeText(std::string_view fallback, size_t max, base::Rng& rng, const Make& make)
{
    for (int i{0}; i < TRIES; ++i) {
        mutate::Mutated made{make()};
        // A mutator may have removed the only step.
        if (made.program.steps.empty()) made = {m_generator.Generate(rng), {}};
        std::string text{program::Print(m_schema, made.program)};
        if (text.size() > max) continue;
        m_cache.Put(text, std::move(made.program));
        m_has_made = true;
        m_latest_mutators = std::move(made.mutators);
        (m_latest_mutators.empty() ? m_generated : m_mutated).Made();
        return text;
    }
    m_latest_mutators.clear();
    // libFuzzer does not accept an empty result.
    return fallback.empty() ? "\n" : std::string{fallback};
}

std::string TextMutator::Mutate(std::string_view text, size_t max, uint64_t seed, const mutate::Hints& hints)
{
    base::Rng rng{seed};
    const program::Program program{Read(text)};
    m_base = text;
    const bool generate{program.steps.empty() || PickGenerate(rng)};
    return MakeText(text, max, rng, [&]() -> mutate::Mutated {
        if (generate) return {m_generator.Generate(rng), {}};
        return m_mutation.Mutate(program, rng, nullptr, hints);
    });
}

std::string TextMutator::CrossOver(std::string_view a, std::string_view b, size_t max, uint64_t seed)
{
    base::Rng rng{seed};
    const program::Program first{Read(a)};
    m_base = a;
    const program::Program second{Read(b)};
    const bool generate{first.steps.empty() || PickGenerate(rng)};
    return MakeText(a, max, rng, [&]() -> mutate::Mutated {
        if (generate) return {m_generator.Generate(rng), {}};
        if (rng.OneIn(JOIN_ONE_IN)) return m_mutation.Crossover(first, second, rng);
        return m_mutation.Mutate(first, rng, &second);
    });
}

bool TextMutator::PickGenerate(base::Rng& rng) const
{
    // Each of the two ways gets a share by how often it was productive recently. Both start with one success in 64.
    const auto rate{
        [](const RecentCounts& counts) { return (counts.productive + 1) * RECENT * 64 / (counts.made + 64); }};
    const uint64_t share{64 * rate(m_generated) / (rate(m_generated) + rate(m_mutated))};
    return rng.Below(64) < std::clamp(share, MIN_GENERATED, MAX_GENERATED);
}

void TextMutator::RecentCounts::Made()
{
    if (++made < RECENT) return;
    made /= 2;
    productive /= 2;
}

void TextMutator::MadeBroughtFeatures()
{
    m_mutation.BroughtFeatures(m_latest_mutators);
    ++(m_latest_mutators.empty() ? m_generated : m_mutated).productive;
}

} // namespace mpfuzz::engine
