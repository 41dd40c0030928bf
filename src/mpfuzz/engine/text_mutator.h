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

//! Programs by their text, so that what was printed a moment ago, or is mutated again and again, is not parsed again.
class ProgramCache
{
public:
    //! A program's text, or any bytes: what still fits the schema, see program::ParseLenient. Valid until the next
    //! call.
    const program::Program& Read(const schema::Schema& schema, std::string_view text);

    void Put(std::string text, program::Program program);

    uint64_t Hits() const { return m_hits; }
    uint64_t Misses() const { return m_misses; }

private:
    using Programs = std::unordered_map<std::string, program::Program>;

    // What is not used while as many others are is forgotten.
    Programs m_young, m_old;
    uint64_t m_hits{0}, m_misses{0};
};

//! Mutation and crossover of programs in text form, as fuzzing engines want them: bytes in, bytes out.
//!
//! Any input is accepted: what is no program is an empty one, whose mutation is a program made anew. The
//! result is the canonical text of a valid program that has at least one step. All randomness comes from the seeds.
class TextMutator
{
public:
    //! Borrows the schema and the domains.
    TextMutator(const schema::Schema& schema, const program::TargetRules& rules,
                std::span<const domain::Domain> domains);

    //! Now and then a program made anew, as often as that pays compared with changing what there is.
    //!
    //! @param hints  See mutate::Hints; may be empty.
    //! @param max    Bytes that the result may have. Where nothing that fits is found it is `text` itself, or a
    //! newline.
    std::string Mutate(std::string_view text, size_t max, uint64_t seed, const mutate::Hints& hints = {});

    //! Mostly `a` changed with pieces of `b`; now and then the beginning of the one and the end of the other.
    std::string CrossOver(std::string_view a, std::string_view b, size_t max, uint64_t seed);

    //! What the target compared lately: used where nothing was noted for the program that is mutated.
    void SetComparisons(mutate::Comparisons comparisons);

    //! Remember what the target compared while it ran the program with this text.
    void NoteComparisons(const std::string& text, const mutate::ComparisonList& comparisons);

    //! The program that a text stands for. Valid until the next call of any member.
    const program::Program& Read(std::string_view text) { return m_cache.Read(m_schema, text); }

    //! A program of the generator's, as at the beginning of a campaign.
    program::Program Generate(base::Rng& rng) { return m_generator.Generate(rng); }

    //! True for the text that was made last.
    bool IsLatest(std::string_view text) const { return text == m_latest; }

    //! Tell that this text brought something new: where it is the latest one made, its mutators get the credit.
    void BroughtFeatures(std::string_view text);

    const mutate::MutatorStatistics& GetMutatorStatistics() const { return m_mutation.GetMutatorStatistics(); }
    const ProgramCache& GetCache() const { return m_cache; }

private:
    //! How often one way to make programs has brought something new lately.
    struct Payoff {
        uint64_t made{0}, productive{0};
        void Made();
    };

    bool PickAnew(base::Rng& rng) const;

    template<typename Make>
    std::string MakeText(std::string_view fallback, size_t max, base::Rng& rng, const Make& make);

    const schema::Schema& m_schema;
    generate::Generator m_generator;
    mutate::Mutation m_mutation;
    ProgramCache m_cache;
    std::unordered_map<std::string, mutate::ComparisonList> m_comparisons; //!< by the program's text
    std::string m_base;                                                    //!< text of what is being mutated
    std::string m_latest;
    std::vector<size_t> m_latest_mutators; //!< none: made anew
    Payoff m_anew, m_changed;
};

} // namespace mpfuzz::engine
