#pragma once

#include <mpfuzz/mutate/mutator.h>
#include <mpfuzz/mutate/mutator_statistics.h>

#include <vector>

namespace mpfuzz::mutate {

//! A program made of others, and how: mutators by id, for MutatorStatistics::Paid. Empty where the generator made it.
struct Mutated {
    program::Program program;
    std::vector<size_t> mutators;
};

//! Changes programs at random, by those mutators that pay.
//!
//!     Mutation mutation{schema, rules, generator};
//!     Mutated next{mutation.Mutate(program, rng)};
//!     if (IsInteresting(next.program)) mutation.Paid(next.mutators);
//!
//! What it makes is a pure function of the program, the Rng, and what it, the generator, the hints and the comparisons
//! have done before. Always valid; longer than MaxSteps() only where the program was.
class Mutation
{
public:
    //! Borrows the schema and the generator, whose rules these are.
    Mutation(const schema::Schema& schema, generate::Rules rules, generate::Generator& generator);
    Mutation(const Mutation&) = delete;
    Mutation& operator=(const Mutation&) = delete;

    //! Apply one to four mutators, mostly one. The result differs from `program`: where nothing else is
    //! found it is a program of the generator's.
    //!
    //! @param program  Valid.
    //! @param other    Where not null: a valid program to take steps from.
    //! @param hints    May be empty.
    Mutated Mutate(const program::Program& program, base::Rng& rng, const program::Program* other = nullptr,
                   const Hints& hints = {});

    //! The beginning of `a`, then the end of `b` on the capabilities of `a`. Where the two have
    //! nothing in common: a mutation of `a`.
    Mutated Crossover(const program::Program& a, const program::Program& b, base::Rng& rng);

    //! From now on, let mutators know what the target compares. Not empty.
    void SetComparisons(Comparisons comparisons) { m_comparisons = std::move(comparisons); }

    //! Tell that a program brought something new, such as coverage.
    void BroughtFeatures(std::span<const size_t> mutators) { m_statistics.BroughtFeatures(mutators); }

    const MutatorStatistics& GetMutatorStatistics() const { return m_statistics; }
    //! Go on with the yields of an earlier campaign. CHECK fails for another number of mutators.
    void SetMutatorStatistics(MutatorStatistics statistics);

    //! Steps beyond which no program grows. Nothing new is begun beyond Rules::max_steps, as in the generator;
    //! this leaves room for ending what was.
    size_t MaxSteps() const { return 2 * m_schema_index.GetRules().max_steps; }

private:
    bool Try(size_t mutator, program::Program& program, const program::Program& original, Context& context);
    std::vector<uint32_t> Weights(const Context& context) const;
    Context MakeContext(base::Rng& rng, const program::Program* other, const Hints* hints) const;

    const schema::Schema& m_schema;
    const generate::SchemaIndex m_schema_index;
    generate::Generator& m_generator;
    Comparisons m_comparisons;
    MutatorStatistics m_statistics;
};

} // namespace mpfuzz::mutate
