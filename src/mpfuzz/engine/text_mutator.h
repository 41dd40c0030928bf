#pragma once

#include <mpfuzz/generate/generator.h>
#include <mpfuzz/mutate/mutate.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mpfuzz::engine {

//! Maps texts to parsed programs, so that a program that was just printed, or is mutated often, is not parsed again.
class ProgramCache
{
public:
    //! The program in a text. Accepts any bytes; see program::ParseLenient. Valid until the next call.
    const program::Program& Read(const schema::Schema& schema, std::string_view text);

    void Put(std::string text, program::Program program);

    uint64_t Hits() const { return m_hits; }
    uint64_t Misses() const { return m_misses; }

private:
    using Programs = std::unordered_map<std::string, program::Program>;

    // Two generations: m_old is dropped when m_young is full.
    Programs m_young, m_old;
    uint64_t m_hits{0}, m_misses{0};
};

//! Mutation and crossover of programs as text, because fuzzing engines work on bytes.
//!
//! Any input is accepted. An input without a program counts as an empty program; its mutation is a newly generated
//! program. The result is the canonical text of a valid program with at least one step. All randomness comes from the
//! seeds.
class TextMutator
{
public:
    //! Borrows the schema and the domains.
    TextMutator(const schema::Schema& schema, const program::TargetRules& rules,
                std::span<const domain::Domain> domains);

    //! Mutate a program. Sometimes the result is a newly generated program instead. How often depends on how often
    //! generated and mutated programs reached new features recently.
    //!
    //! @param hints  See mutate::Hints; may be empty.
    //! @param max    Maximum size of the result in bytes. If no result fits, it is `text` itself, or a newline.
    std::string Mutate(std::string_view text, size_t max, uint64_t seed, const mutate::Hints& hints = {});

    //! Usually `a` with steps from `b`; sometimes the beginning of `a` with the end of `b`.
    std::string CrossOver(std::string_view a, std::string_view b, size_t max, uint64_t seed);

    //! Set the function that returns the latest comparisons of the target. It is used if NoteComparisons was not called
    //! for the program that is mutated.
    void SetComparisons(mutate::Comparisons comparisons);

    //! Remember the comparisons that the target made while it ran the program with this text.
    void NoteComparisons(const std::string& text, const mutate::ComparisonList& comparisons);

    //! The program in a text. Valid until the next call of any member function.
    const program::Program& Read(std::string_view text) { return m_cache.Read(m_schema, text); }

    //! A newly generated program.
    program::Program Generate(base::Rng& rng) { return m_generator.Generate(rng); }

    //! True if Mutate or CrossOver has made a program since the last call: an engine runs that program next.
    bool TakeMade() { return std::exchange(m_has_made, false); }

    //! Tell that the program that was made last reached new features: its mutators count as productive.
    void MadeBroughtFeatures();

    const mutate::MutatorStatistics& GetMutatorStatistics() const { return m_mutation.GetMutatorStatistics(); }
    const ProgramCache& GetCache() const { return m_cache; }

private:
    //! How often one way of making programs was productive recently.
    struct RecentCounts {
        uint64_t made{0}, productive{0};
        void Made();
    };

    bool PickGenerate(base::Rng& rng) const;

    template<typename Make>
    std::string MakeText(std::string_view fallback, size_t max, base::Rng& rng, const Make& make);

    const schema::Schema& m_schema;
    generate::Generator m_generator;
    mutate::Mutation m_mutation;
    ProgramCache m_cache;
    std::unordered_map<std::string, mutate::ComparisonList> m_comparisons; //!< by the program's text
    std::string m_base;                                                    //!< the text that is being mutated
    bool m_has_made{false};
    std::vector<size_t>
        m_latest_mutators; //!< of the program that was made last; empty: the program was newly generated
    RecentCounts m_generated, m_mutated;
};

} // namespace mpfuzz::engine
